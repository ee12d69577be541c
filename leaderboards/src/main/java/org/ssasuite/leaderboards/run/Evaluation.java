package org.ssasuite.leaderboards.run;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.TaskRunner;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.runtime.SsaModel;

/** Does what a plan says: each model is loaded once and put through its modes and all tasks. */
final class Evaluation {
  private final RunPlan plan;
  private final RunFolder folder;
  private final RunProgress progress;

  Evaluation(RunPlan plan, RunFolder folder, RunProgress progress) {
    this.plan = plan;
    this.folder = folder;
    this.progress = progress;
  }

  RunResult run(RunManifest manifest) {
    List<TaskResult> results = new ArrayList<>();
    for (PlannedModel planned : plan.models()) {
      try (SsaModel loaded = load(planned)) {
        for (AttentionMode mode : planned.modes()) {
          try (LanguageModel model = loaded.in(mode)) {
            for (PlannedTask task : plan.tasks()) {
              progress.row(model.card().name(), model.card().mode(), task.task().id().name());
              results.add(put(task.task(), task, model));
            }
          }
        }
      }
    }
    return new RunResult(RunResult.SCHEMA, manifest, results);
  }

  private SsaModel load(PlannedModel planned) {
    Engine engine = plan.engine();
    return SsaModel.load(
        planned.checkpoint(), engine.options(), planned.rope(), engine.scheduling());
  }

  private <S extends Sample> TaskResult put(
      Task<S> task, PlannedTask planned, LanguageModel model) {
    try (SampleLog log = folder.samples(model.card(), task.id())) {
      return TaskRunner.run(task, model, planned.limit(), plan.spec().batch(), log, progress);
    }
  }
}
