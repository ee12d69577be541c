package org.ssasuite.leaderboards.run;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.task.Task;
import org.ssasuite.leaderboards.task.Draws;
import org.ssasuite.leaderboards.task.TaskShelf;

/**
 * A task and how much of it.
 *
 * @param window tokens of a window task's pass; absent: the task's own
 * @param draws of a choice task; absent: the task's own
 * @param limit the first so many samples; absent: all
 */
record TaskChoice(String name, OptionalInt window, Optional<Draws> draws, OptionalInt limit) {
  TaskChoice {
    Objects.requireNonNull(name);
    Objects.requireNonNull(window);
    Objects.requireNonNull(draws);
    Objects.requireNonNull(limit);
  }

  /** A task as it defines itself. */
  static TaskChoice whole(String name) {
    return new TaskChoice(name, OptionalInt.empty(), Optional.empty(), OptionalInt.empty());
  }

  TaskChoice withWindow(int tokens) {
    return new TaskChoice(name, OptionalInt.of(tokens), draws, limit);
  }

  TaskChoice withDraws(Draws other) {
    return new TaskChoice(name, window, Optional.of(other), limit);
  }

  TaskChoice withLimit(int samples) {
    return new TaskChoice(name, window, draws, OptionalInt.of(samples));
  }

  /**
   * Reads the task's data.
   *
   * @param windowInName whether the run has window tasks at several windows
   */
  Task<?> task(TaskShelf shelf, boolean windowInName) {
    return TaskShelf.isChoice(name)
        ? shelf.choiceTask(name, draws.orElseGet(() -> TaskShelf.ownDraws(name)))
        : shelf.windowTask(name, window, windowInName);
  }
}
