package org.ssasuite.leaderboards.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.FolderTree;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.AnsweredUnit;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.run.ShardFolder;
import org.ssasuite.core.run.unit.SampleRange;
import org.ssasuite.core.run.unit.Shard;
import org.ssasuite.leaderboards.program.Choice;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.run.spark.UnitName;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.onnx.OperatorLibrary;

/**
 * Answers units of a run that was planned in another place, one after the other: each as a shard of
 * one unit, in a folder that is taken away again. The model of the last one stays loaded. Mutable,
 * one owner.
 */
final class UnitAnswers implements AutoCloseable {
  private final RunManifest asked;
  private final RunPlan plan;
  private final RunManifest here;
  private final KeptModels models;
  private final KeptSamples samples = new KeptSamples();
  private final Path scratch;

  private UnitAnswers(RunManifest asked, RunPlan plan, Provenance provenance, Path scratch) {
    this.asked = asked;
    this.plan = plan;
    this.here = provenance.manifest();
    this.models = new KeptModels(provenance.models());
    this.scratch = scratch;
  }

  /**
   * Plans the run here, and holds it against what was planned there: program, files of models,
   * data, samples.
   *
   * @param asked its manifest, as it was planned there
   * @param scratch a folder for what is taken away again
   * @throws BadInputException if it is not the same, or cannot be done here
   */
  static UnitAnswers of(RunManifest asked, Home home, Path scratch) {
    OperatorLibrary.find().require();
    RunSpec spec = asked.spec();
    RuntimeOptions options =
        new RuntimeOptions(
            spec.threads(),
            Choice.of("--device", spec.device(), Device.values(), Device::text),
            Choice.of("--precision", spec.precision(), Precision.values(), Precision::text),
            Isa.AUTO);
    Engine engine = new Engine(options, new Scheduling(spec.chunk(), spec.sharing()));
    RunPlan plan = new Planner(home).plan(spec, engine);
    Provenance provenance = Provenance.of(plan, home);
    List<String> differences = asked.differences(provenance.manifest());
    if (!differences.isEmpty()) {
      throw new BadInputException("the run", "is another one here: " + differences.get(0));
    }
    return new UnitAnswers(asked, plan, provenance, scratch);
  }

  /**
   * Answers one.
   *
   * @throws BadInputException as a run does
   */
  AnsweredUnit answer(UnitName unit) {
    List<List<SampleRange>> units =
        new ArrayList<>(Collections.nCopies(asked.rows().size(), List.of()));
    units.set(unit.row(), List.of(unit.samples()));
    RunManifest shard = asked.with(Optional.of(new Shard(1, 1, units)));
    Path path = scratch.resolve(unit.row() + "-" + unit.samples().from());
    try {
      try (RunFolder folder = RunFolder.open(path)) {
        RunProgress silent = new RunProgress(nowhere(), plan.rows());
        new Evaluation(plan, models.all(), folder, silent, Optional.empty(), samples)
            .answer(folder.begin(shard));
      }
      try (ShardFolder answered = ShardFolder.open(path)) {
        return AnsweredUnit.of(answered, elsewhere(unit.row()));
      }
    } finally {
      delete(path);
    }
  }

  private static Console nowhere() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new Console(nowhere, nowhere, false);
  }

  /** The device here, if it is not the one of the run's manifest. */
  private Optional<String> elsewhere(int row) {
    return device(asked, row).equals(device(here, row))
        ? Optional.empty()
        : Optional.of(device(here, row));
  }

  private static String device(RunManifest manifest, int row) {
    Map<String, String> facts =
        manifest.models().stream()
            .filter(card -> card.name().equals(manifest.rows().get(row).model()))
            .filter(card -> card.mode().equals(manifest.rows().get(row).mode()))
            .map(ModelCard::facts)
            .findFirst()
            .orElseThrow();
    String name = facts.getOrDefault("device_name", "");
    return facts.containsKey("isa") ? name + ", " + facts.get("isa") : name;
  }

  @Override
  public void close() {
    models.close();
  }

  private static void delete(Path folder) {
    try {
      FolderTree.delete(folder);
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
  }
}
