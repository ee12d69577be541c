package org.ssasuite.leaderboards.run;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * A task and how much of it.
 *
 * @param window tokens of a pass; absent: the task's own
 * @param limit the first so many samples; absent: all
 */
record TaskChoice(String name, OptionalInt window, OptionalInt limit) {
  TaskChoice {
    Objects.requireNonNull(name);
    Objects.requireNonNull(window);
    Objects.requireNonNull(limit);
  }

  /** A task as it defines itself. */
  static TaskChoice whole(String name) {
    return new TaskChoice(name, OptionalInt.empty(), OptionalInt.empty());
  }

  TaskChoice withWindow(int tokens) {
    return new TaskChoice(name, OptionalInt.of(tokens), limit);
  }

  TaskChoice withLimit(int samples) {
    return new TaskChoice(name, window, OptionalInt.of(samples));
  }
}
