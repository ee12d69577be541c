package org.ssasuite.leaderboards.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.run.Attributing;
import org.ssasuite.core.run.AttributionLog;
import org.ssasuite.core.run.ModeCost;
import org.ssasuite.core.run.Notes;
import org.ssasuite.core.run.Observing;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.StatisticsLog;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.TaskRunner;
import org.ssasuite.core.run.unit.SampleRange;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.runtime.tokenizer.EncodedTexts;

/** Does what a plan says: each model is loaded once and put through its modes and all tasks. */
final class Evaluation {
  private final RunPlan plan;
  private final List<RunModel.Prepared> prepared;
  private final RunFolder folder;
  private final RunProgress progress;
  private final Optional<CostTrial> costs;
  private final KeptSamples samples;
  private final EncodedTexts texts = new EncodedTexts();

  /**
   * Of a plan.
   *
   * @param prepared its models, in its order
   * @param costs times the models' modes, in a run that asks what they cost
   */
  Evaluation(
      RunPlan plan,
      List<RunModel.Prepared> prepared,
      RunFolder folder,
      RunProgress progress,
      Optional<CostTrial> costs) {
    this(plan, prepared, folder, progress, costs, new KeptSamples());
  }

  /**
   * The same for whoever does a plan bit by bit.
   *
   * @param samples of the plan's tasks
   */
  Evaluation(
      RunPlan plan,
      List<RunModel.Prepared> prepared,
      RunFolder folder,
      RunProgress progress,
      Optional<CostTrial> costs,
      KeptSamples samples) {
    this.plan = plan;
    this.prepared = List.copyOf(prepared);
    this.folder = folder;
    this.progress = progress;
    this.costs = costs;
    this.samples = samples;
  }

  RunResult run(RunManifest manifest) {
    List<TaskResult> results = new ArrayList<>();
    List<ModeCost> timed = new ArrayList<>();
    for (int part = 0; part < plan.parts(); part++) {
      Tour.line(plan.spec(), part).ifPresent(progress::say);
      for (int i = 0; i < plan.models().size(); i++) {
        run(part, i, manifest, results, timed);
      }
    }
    return new RunResult(RunResult.SCHEMA, manifest, results, timed);
  }

  /**
   * Does a shard of the plan.
   *
   * @param manifest that says which
   * @return how many of its samples have no score
   */
  int answer(RunManifest manifest) {
    List<List<SampleRange>> units = manifest.shard().orElseThrow().units();
    List<RunPlan.PlannedResult> rows = plan.results();
    int unscored = 0;
    int from = 0;
    while (from < rows.size()) {
      PlannedModel planned = rows.get(from).model();
      int to = from;
      while (to < rows.size() && rows.get(to).model().equals(planned)) {
        to++;
      }
      unscored += answer(rows.subList(from, to), units.subList(from, to), manifest);
      from = to;
    }
    return unscored;
  }

  /** Rows of one model, one after the other. */
  private int answer(
      List<RunPlan.PlannedResult> rows, List<List<SampleRange>> units, RunManifest manifest) {
    PlannedModel planned = rows.get(0).model();
    int number = plan.models().indexOf(planned);
    int unscored = 0;
    try (RunModel.Opened opened = prepared.get(number).open(plan.engine(), texts)) {
      for (int i = 0; i < rows.size(); i++) {
        RunPlan.PlannedResult row = rows.get(i);
        ModelCard card = card(manifest, planned, row.mode());
        progress.row(card.name(), card.mode(), row.task().task().id().name());
        if (!units.get(i).isEmpty()) {
          try (LanguageModel model =
              new DeferredModel(card, () -> opened.in(row.mode()), opened.leastTogether())) {
            Answering own = new Answering(row.task(), units.get(i), samples);
            unscored += put(row.task().task(), model, own);
          }
        }
      }
    }
    return unscored;
  }

  private void run(
      int part, int number, RunManifest manifest, List<TaskResult> results, List<ModeCost> timed) {
    PlannedModel planned = plan.models().get(number);
    try (RunModel.Opened opened = prepared.get(number).open(plan.engine(), texts)) {
      for (AttentionMode mode : planned.modes()) {
        ModelCard card = card(manifest, planned, mode);
        try (LanguageModel model =
            new DeferredModel(card, () -> opened.in(mode), opened.leastTogether())) {
          for (PlannedTask task : planned.tasks(part, mode)) {
            progress.row(card.name(), card.mode(), task.task().id().name());
            results.add(put(task.task(), model, new Running(task.limit(), plan.spec().batch())));
          }
        }
      }
      costs.ifPresent(
          trial -> timed.addAll(trial.of(opened.loaded(), planned.modes(), plan.spec().tasks())));
    }
  }

  private static ModelCard card(RunManifest manifest, PlannedModel planned, AttentionMode mode) {
    return manifest.models().stream()
        .filter(card -> card.name().equals(planned.model().name()))
        .filter(card -> card.mode().equals(mode.text()))
        .findFirst()
        .orElseThrow();
  }

  /**
   * What is done with a task whose logs are open.
   *
   * @param <R> what comes of it
   */
  private interface Use<R> {
    <S extends Sample> R of(
        Task<S> task, LanguageModel model, SampleLog log, Notes notes, RunProgress progress);
  }

  /** All its samples, or the first of them, and what they come to. */
  private record Running(OptionalInt limit, int batch) implements Use<TaskResult> {
    @Override
    public <S extends Sample> TaskResult of(
        Task<S> task, LanguageModel model, SampleLog log, Notes notes, RunProgress progress) {
      return TaskRunner.run(task, model, limit, batch, log, notes, progress);
    }
  }

  /** Some of its samples; how many of them have no score. */
  private record Answering(PlannedTask planned, List<SampleRange> units, KeptSamples samples)
      implements Use<Integer> {
    @Override
    public <S extends Sample> Integer of(
        Task<S> task, LanguageModel model, SampleLog log, Notes notes, RunProgress progress) {
      List<S> all = samples.of(planned, task);
      return TaskRunner.answer(task, model, all, units, log, notes, progress);
    }
  }

  private <S extends Sample, R> R put(Task<S> task, LanguageModel model, Use<R> use) {
    try (SampleLog log = folder.samples(model.card(), task.id())) {
      Optional<StatisticsObservation> asked = plan.spec().observe();
      if (asked.isEmpty()) {
        return put(task, model, log, Optional.empty(), use);
      }
      try (StatisticsLog statistics = folder.statistics(model.card(), task.id(), log)) {
        return put(task, model, log, Optional.of(new Observing(asked.get(), statistics)), use);
      }
    }
  }

  private <S extends Sample, R> R put(
      Task<S> task, LanguageModel model, SampleLog log, Optional<Observing> observing, Use<R> use) {
    if (!plan.spec().attribution()) {
      return use.of(task, model, log, new Notes(observing, Optional.empty()), progress);
    }
    try (AttributionLog needles = folder.attribution(model.card(), task.id(), log)) {
      Notes notes = new Notes(observing, Optional.of(new Attributing(needles)));
      return use.of(task, model, log, notes, progress);
    }
  }
}
