package org.ssasuite.core.run;

import java.util.List;

/**
 * Some of a run's tasks, for some of its models in some of their modes.
 *
 * @param tasks names, all of a run's orders of each
 * @param models names of models, as tables show them; empty: all of the run's
 * @param modes text forms of attention modes, of which each of the models takes those that it has;
 *     empty: the modes of the run
 */
public record RunPart(List<String> tasks, List<String> models, List<String> modes) {
  public RunPart {
    tasks = List.copyOf(tasks);
    models = List.copyOf(models);
    modes = List.copyOf(modes);
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("a part of a run without tasks");
    }
  }

  /** Whether a model has a part in it. */
  public boolean isOf(String model) {
    return models.isEmpty() || models.contains(model);
  }
}
