package org.ssasuite.leaderboards.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    this.plan = plan;
    this.prepared = List.copyOf(prepared);
    this.folder = folder;
    this.progress = progress;
    this.costs = costs;
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
            results.add(put(task.task(), task, model));
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

  private <S extends Sample> TaskResult put(
      Task<S> task, PlannedTask planned, LanguageModel model) {
    try (SampleLog log = folder.samples(model.card(), task.id())) {
      Optional<StatisticsObservation> asked = plan.spec().observe();
      if (asked.isEmpty()) {
        return put(task, planned, model, log, Optional.empty());
      }
      try (StatisticsLog statistics = folder.statistics(model.card(), task.id(), log)) {
        return put(task, planned, model, log, Optional.of(new Observing(asked.get(), statistics)));
      }
    }
  }

  private <S extends Sample> TaskResult put(
      Task<S> task,
      PlannedTask planned,
      LanguageModel model,
      SampleLog log,
      Optional<Observing> observing) {
    if (!plan.spec().attribution()) {
      return put(task, planned, model, log, new Notes(observing, Optional.empty()));
    }
    try (AttributionLog needles = folder.attribution(model.card(), task.id(), log)) {
      Notes notes = new Notes(observing, Optional.of(new Attributing(needles)));
      return put(task, planned, model, log, notes);
    }
  }

  private <S extends Sample> TaskResult put(
      Task<S> task, PlannedTask planned, LanguageModel model, SampleLog log, Notes notes) {
    return TaskRunner.run(task, model, planned.limit(), plan.spec().batch(), log, notes, progress);
  }
}
