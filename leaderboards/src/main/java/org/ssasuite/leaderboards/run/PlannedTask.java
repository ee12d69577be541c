package org.ssasuite.leaderboards.run;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;

/** A task whose data has been read. */
record PlannedTask(Task<?> task, OptionalInt limit) {
  PlannedTask {
    Objects.requireNonNull(task);
    Objects.requireNonNull(limit);
  }

  /** How many of its samples are asked. */
  int samples() {
    try (Stream<? extends Sample> all = task.samples()) {
      return (int) all.limit(limit.isPresent() ? limit.getAsInt() : Integer.MAX_VALUE).count();
    }
  }
}
