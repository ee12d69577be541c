package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;

/**
 * A task of a model whose data has been read.
 *
 * @param place in which part of the run the model has it, in which modes
 */
record PlannedTask(Task<?> task, OptionalInt limit, Place place) {
  PlannedTask {
    Objects.requireNonNull(task);
    Objects.requireNonNull(limit);
    Objects.requireNonNull(place);
  }

  /**
   * Where in a run a model has a task.
   *
   * @param part number of the part, from 0
   */
  record Place(int part, List<AttentionMode> modes) {
    Place {
      modes = List.copyOf(modes);
    }
  }

  /** How many of its samples are asked. */
  int samples() {
    try (Stream<? extends Sample> all = task.samples()) {
      return (int) all.limit(most()).count();
    }
  }

  /**
   * Those of its samples that are asked.
   *
   * @param own the same task
   */
  <S extends Sample> List<S> samples(Task<S> own) {
    try (Stream<S> all = own.samples()) {
      return all.limit(most()).toList();
    }
  }

  private long most() {
    return limit.isPresent() ? limit.getAsInt() : Integer.MAX_VALUE;
  }
}
