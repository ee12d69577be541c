package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;

/**
 * A model of which small files have been read.
 *
 * @param modes to run it in, those of all its tasks
 * @param rope replaces what its config states
 * @param tasks to put it through; some depend on its tokenizer
 */
record PlannedModel(
    RunModel model,
    List<AttentionMode> modes,
    Optional<RopeScaling> rope,
    List<PlannedTask> tasks) {
  PlannedModel {
    Objects.requireNonNull(model);
    modes = List.copyOf(modes);
    Objects.requireNonNull(rope);
    tasks = List.copyOf(tasks);
  }

  /**
   * Its folder's files.
   *
   * @throws IllegalStateException if a server has it
   */
  Checkpoint checkpoint() {
    if (model instanceof LocalModel local) {
      return local.checkpoint();
    }
    throw new IllegalStateException(model.name() + " is behind an endpoint");
  }

  /** Its tasks in one part of the run, in one mode. */
  List<PlannedTask> tasks(int part, AttentionMode mode) {
    return tasks.stream()
        .filter(task -> task.place().part() == part && task.place().modes().contains(mode))
        .toList();
  }
}
