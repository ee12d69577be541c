package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.testing.ToyTask;

/** A run whose model dies at one of its answers, and what takes it up again. */
abstract class InterruptedRun {
  static final int SAMPLES = 11;
  static final int BATCH = 3;
  private static final ToyTask TASK = ToyTask.of(SAMPLES);

  @TempDir Path parent;

  void interrupted(int fails) {
    interrupted(fails, folder());
  }

  /** A run whose model dies at an answer, so that its batch is lost. */
  static void interrupted(int fails, Path folder) {
    assertThatThrownBy(() -> goOn(new Doubling(fails), manifest(10), folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("device lost");
  }

  RunResult goOn(LanguageModel model, RunManifest manifest) {
    return goOn(model, manifest, folder());
  }

  static RunResult goOn(LanguageModel model, RunManifest manifest, Path folder) {
    try (RunFolder run = RunFolder.open(folder)) {
      RunManifest counting = run.begin(manifest);
      TaskResult result = answer(run, model);
      RunResult all = new RunResult(RunResult.SCHEMA, counting, List.of(result));
      run.writeResults(all);
      return all;
    }
  }

  static TaskResult answer(RunFolder run, LanguageModel model) {
    try (SampleLog log = run.samples(model.card(), TASK.id())) {
      return TaskRunner.run(TASK, model, OptionalInt.empty(), BATCH, log, Progress.silent());
    }
  }

  /** Answers right, counts what it does, and dies at one of its answers. */
  static final class Doubling implements LanguageModel {
    private final int most;
    int answered;
    private int runs;

    Doubling(int most) {
      this.most = most;
    }

    @Override
    public ModelCard card() {
      return InterruptedRun.card();
    }

    @Override
    public boolean observes(Observation<?> asked) {
      return false;
    }

    @Override
    public List<Response> answer(List<Request<?>> requests) {
      runs++;
      List<Response> responses = new ArrayList<>();
      for (Request<?> request : requests) {
        if (answered == most) {
          throw new IllegalStateException("device lost");
        }
        answered++;
        String digits = ((Generate) request).prompt().replaceAll("^2 \\* | =$", "");
        String text = "" + 2 * Integer.parseInt(digits);
        responses.add(new Generation(text, 1, ContextFit.whole(7), Optional.empty()));
      }
      return responses;
    }

    @Override
    public Work work() {
      return new Work(runs, 7L * answered, 0);
    }

    @Override
    public void close() {}
  }

  private static ModelCard card() {
    return new ModelCard("mini", "full", OptionalInt.empty(), Map.of());
  }

  static RunManifest manifest(long started) {
    return manifest(started, 20);
  }

  static RunManifest manifest(long started, int limit) {
    RunSpec spec =
        new RunSpec(
            "custom",
            List.of("mini"),
            List.of(),
            List.of(TaskOrder.of("doubling").withLimit(limit)),
            Optional.empty(),
            Optional.empty(),
            "cpu",
            "fp32",
            BATCH,
            1,
            64,
            true,
            Optional.empty(),
            false);
    return new RunManifest(
        RunManifest.SCHEMA,
        spec,
        "1",
        Optional.of("abc"),
        new Machine("linux", "amd64", "fast", 2, "17"),
        List.of(card()),
        Map.of("doubling", TASK.dataDigest()),
        Map.of(),
        List.of(
            new PlannedRow("mini", "full", TASK.id(), TASK.protocol(), TASK.dataDigest(), SAMPLES)),
        started);
  }

  /** As written, without the times. */
  static String timeless(RunResult result) {
    return RunJson.document(result).replaceAll("\"[a-z_]+_seconds\" : [-+.0-9Ee]+", "");
  }

  Path folder() {
    return parent.resolve("run");
  }

  Path progress() {
    return folder().resolve("progress.jsonl");
  }

  static Path samples(Path folder) {
    return folder.resolve("mini/full/doubling/samples.jsonl");
  }
}
