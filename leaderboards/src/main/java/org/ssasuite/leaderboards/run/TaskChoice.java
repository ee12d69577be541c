package org.ssasuite.leaderboards.run;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.ssasuite.core.request.TokenCounter;
import org.ssasuite.core.task.Task;
import org.ssasuite.leaderboards.task.Draws;
import org.ssasuite.leaderboards.task.RulerSize;
import org.ssasuite.leaderboards.task.TaskShelf;
import org.ssasuite.tasks.ruler.RulerTasks;

/**
 * A task and how much of it.
 *
 * @param window tokens of a window task's pass or a RULER task's sample; absent: the task's own
 * @param draws of a choice task, or the seed of a RULER task's samples; absent: the task's own
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

  /** Whether the task depends on the model's tokenizer. */
  boolean readsTokens() {
    return TaskShelf.isRuler(name);
  }

  /**
   * Reads the task's data.
   *
   * @param windowInName whether the run has tasks at several lengths
   * @param counter called for a task that reads tokens
   */
  Task<?> task(TaskShelf shelf, boolean windowInName, Supplier<TokenCounter> counter) {
    if (readsTokens()) {
      long seed = draws.map(Draws::seed).orElse(RulerTasks.DEFAULT_SEED);
      RulerSize size = new RulerSize(window.orElse(RulerTasks.DEFAULT_LENGTH), seed);
      return shelf.rulerTask(name, size, limit, windowInName, counter.get());
    }
    return TaskShelf.isChoice(name)
        ? shelf.choiceTask(name, draws.orElseGet(() -> TaskShelf.ownDraws(name)))
        : shelf.windowTask(name, window, windowInName);
  }
}
