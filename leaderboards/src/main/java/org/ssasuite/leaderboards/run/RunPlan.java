package org.ssasuite.leaderboards.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Engine;

/**
 * A run that was checked: nothing in it is known to be wrong, and no weights are loaded yet.
 *
 * @param notes what the user said and some of the tasks have no use for, a line each
 */
record RunPlan(RunSpec spec, List<PlannedModel> models, Engine engine, List<String> notes) {
  RunPlan {
    Objects.requireNonNull(spec);
    models = List.copyOf(models);
    Objects.requireNonNull(engine);
    notes = List.copyOf(notes);
  }

  /** Rows of the table to come: part × model × mode × task. */
  int rows() {
    return models.stream()
        .flatMap(model -> model.tasks().stream())
        .mapToInt(task -> task.place().modes().size())
        .sum();
  }

  /** A row of the table to come. */
  record PlannedResult(PlannedModel model, AttentionMode mode, PlannedTask task) {}

  /** All rows, in the order in which they are done. */
  List<PlannedResult> results() {
    List<PlannedResult> results = new ArrayList<>();
    for (int part = 0; part < parts(); part++) {
      for (PlannedModel model : models) {
        for (AttentionMode mode : model.modes()) {
          model
              .tasks(part, mode)
              .forEach(task -> results.add(new PlannedResult(model, mode, task)));
        }
      }
    }
    return results;
  }

  Device device() {
    return engine.options().device();
  }

  /** The same with models in place of others, in the same order. */
  RunPlan with(List<PlannedModel> others) {
    return new RunPlan(spec, others, engine, notes);
  }

  /** Whether all of its models are computed here. */
  boolean isLocal() {
    return models.stream().allMatch(planned -> planned.model() instanceof LocalModel);
  }

  /** How many parts the run has, one after the other. */
  int parts() {
    return spec.allParts().size();
  }
}
