package org.ssasuite.leaderboards.run;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.PlannedRow;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.TaskRunner;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.runtime.ModelFacts;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;

/** The models and data that a run's manifest names, as they lie there now. */
public final class RecordedInputs {
  private final RunPlan plan;
  private final RunManifest now;

  private RecordedInputs(RunPlan plan, RunManifest now) {
    this.plan = plan;
    this.now = now;
  }

  /**
   * Looks for everything that the spec names, and reads every file for its digest.
   *
   * @throws BadInputException if something is not there any more, or is broken
   */
  public static RecordedInputs of(RunSpec spec, Home home) {
    requirePaths(spec);
    RuntimeOptions options =
        new RuntimeOptions(spec.threads(), Device.CPU, Precision.FP32, Isa.AUTO);
    Engine engine = new Engine(options, new Scheduling(spec.chunk(), spec.sharing()));
    RunPlan plan = new Planner(home).plan(spec, engine);
    return new RecordedInputs(plan, Provenance.of(plan, home).manifest());
  }

  /** A spec comes from a file; not every text is a path. */
  private static void requirePaths(RunSpec spec) {
    Stream<String> ofTasks =
        spec.tasks().stream()
            .flatMap(order -> order.own().values().stream())
            .flatMap(values -> values.stream());
    Stream.of(spec.models().stream(), spec.data().stream(), ofTasks)
        .flatMap(texts -> texts)
        .forEach(RecordedInputs::path);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new BadInputException("path " + text, "is none: " + e.getReason(), e);
    }
  }

  /** Digests of a model's files, by name; absent if the spec has no such model. */
  public Optional<Map<String, String>> files(ModelCard card) {
    return now.models().stream()
        .filter(model -> model.name().equals(card.name()) && model.mode().equals(card.mode()))
        .findFirst()
        .map(RecordedInputs::digests);
  }

  private static Map<String, String> digests(ModelCard card) {
    Map<String, String> files = new TreeMap<>(card.facts());
    files.keySet().removeIf(name -> !name.startsWith(ModelFacts.FILE));
    return files;
  }

  /** Digest of data under its name in the manifest; absent if the spec has no such task. */
  public Optional<String> data(String task) {
    return Optional.ofNullable(now.data().get(task));
  }

  /** The rows that the spec comes to now. */
  public List<PlannedRow> rows() {
    return now.rows();
  }

  /** How a task's metrics are made, headline first; absent if the spec has no such task. */
  public Optional<List<MetricRule>> rules(String model, String task) {
    return task(model, task).map(planned -> planned.task().aggregate().metrics());
  }

  /**
   * The samples of a log that are not what the task asks the model today, as {@code line 3}; absent
   * if the spec has no such task.
   */
  public Optional<List<String>> changed(String model, String task, List<SampleRecord> log) {
    return task(model, task).map(planned -> changed(planned.task(), log));
  }

  private Optional<PlannedTask> task(String model, String task) {
    return plan.models().stream()
        .filter(planned -> planned.model().name().equals(model))
        .flatMap(planned -> planned.tasks().stream())
        .filter(planned -> planned.task().id().name().equals(task))
        .findFirst();
  }

  private static <S extends Sample> List<String> changed(Task<S> task, List<SampleRecord> log) {
    List<S> samples;
    try (Stream<S> all = task.samples()) {
      samples = all.limit(log.size()).toList();
    }
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < log.size(); i++) {
      boolean same = i < samples.size() && asks(task, samples.get(i), log.get(i));
      if (!same) {
        changed.add("line " + (i + 1));
      }
    }
    return changed;
  }

  /** Chance is a task's word too, where a sample has a score. */
  private static <S extends Sample> boolean asks(Task<S> task, S sample, SampleRecord record) {
    return TaskRunner.asks(task, sample, record)
        && record
            .score()
            .fold(
                scored -> task.chance(sample).equals(record.chance()),
                unscored -> record.chance().isEmpty());
  }
}
