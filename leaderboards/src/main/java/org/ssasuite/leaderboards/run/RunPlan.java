package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.run.RunSpec;

/** A run that was checked: nothing in it is known to be wrong, and no weights are loaded yet. */
record RunPlan(RunSpec spec, List<PlannedModel> models, Engine engine) {
  RunPlan {
    Objects.requireNonNull(spec);
    models = List.copyOf(models);
    Objects.requireNonNull(engine);
  }

  /** Rows of the table to come: model × mode × task. */
  int rows() {
    return models.stream().mapToInt(model -> model.modes().size() * model.tasks().size()).sum();
  }
}
