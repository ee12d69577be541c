package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.UserHome;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.onnx.OperatorLibrary;

/**
 * The tasks that a checkpoint is put through while its model is being trained: as {@code ssa run}
 * would, in all modes that the model has.
 *
 * @param lengths windows; empty: the tasks' own
 * @param limit samples of a task
 * @param data instead of the embedded data
 */
public record CheckpointTasks(
    List<String> tasks, List<Integer> lengths, OptionalInt limit, Optional<Path> data) {
  private static final int BATCH = 32;

  public CheckpointTasks {
    tasks = List.copyOf(tasks);
    lengths = List.copyOf(lengths);
  }

  /**
   * Evaluates a model folder into a run folder, going on where an earlier call was interrupted.
   *
   * @throws BadInputException for unknown tasks, missing data, a model without a tokenizer
   */
  public RunResult of(Path model, Path out, RuntimeOptions options, Console console, Home home) {
    RunRequest request =
        new RunRequest(
            Optional.empty(),
            List.of(model.toString()),
            List.of(),
            tasks,
            Optional.empty(),
            new Wishes(lengths, OptionalInt.empty(), List.of(), limit, Map.of()),
            Optional.empty(),
            data,
            BATCH,
            UserHome.cache());
    OperatorLibrary.find().require();
    RunPlan plan = new Planner(home).plan(request, new Engine(options, Scheduling.standard()));
    try (RunFolder folder = RunFolder.open(out)) {
      Provenance provenance = Provenance.of(plan, home);
      RunManifest manifest = folder.begin(provenance.manifest());
      Optional<RunResult> finished = folder.finished();
      if (finished.isPresent()) {
        return finished.get();
      }
      RunProgress progress = new RunProgress(console, plan.rows());
      RunResult result =
          new Evaluation(plan, provenance.models(), folder, progress, Optional.empty())
              .run(manifest);
      folder.writeResults(result);
      return result;
    }
  }
}
