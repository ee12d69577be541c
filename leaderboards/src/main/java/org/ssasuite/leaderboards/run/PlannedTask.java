package org.ssasuite.leaderboards.run;

import java.util.Objects;
import java.util.OptionalInt;
import org.ssasuite.core.task.Task;

/** A task whose data has been read. */
record PlannedTask(Task<?> task, OptionalInt limit) {
  PlannedTask {
    Objects.requireNonNull(task);
    Objects.requireNonNull(limit);
  }
}
