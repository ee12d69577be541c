package org.ssasuite.leaderboards.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.TokenCounter;
import org.ssasuite.core.task.Task;
import org.ssasuite.leaderboards.task.TaskShelf;
import org.ssasuite.runtime.PieceCounter;
import org.ssasuite.runtime.checkpoint.Checkpoint;

/**
 * The tasks of a run's models: each is made once, those that depend on a tokenizer once for each
 * tokenizer. Mutable while a plan is made. Counters live as long as the tasks, which is as long as
 * the program.
 */
final class TaskBook {
  private final TaskShelf shelf;
  private final List<TaskChoice> choices;
  private final boolean lengthInName;
  private final Map<Made, Task<?>> made = new HashMap<>();

  /**
   * A task that was made.
   *
   * @param tokenizer identity of the tokenizer; empty where none matters
   */
  private record Made(TaskChoice choice, String tokenizer) {}

  TaskBook(TaskShelf shelf, List<TaskChoice> choices, boolean lengthInName) {
    this.shelf = shelf;
    this.choices = choices;
    this.lengthInName = lengthInName;
  }

  /** Tasks that no tokenizer matters to, so that their data are looked at before any model. */
  void readData() {
    choices.stream()
        .filter(choice -> !choice.readsTokens())
        .forEach(choice -> task(choice, "", TaskBook::none));
  }

  /**
   * The tasks of one model, each name once.
   *
   * @throws BadInputException for data that is missing or corrupt, and samples that cannot be made
   */
  List<PlannedTask> tasks(Checkpoint checkpoint) {
    boolean readsTokens = choices.stream().anyMatch(TaskChoice::readsTokens);
    TokenCounter counter =
        readsTokens ? PieceCounter.load(checkpoint.tokenizerFile().orElseThrow()) : null;
    List<PlannedTask> tasks = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (TaskChoice choice : choices) {
      Task<?> task =
          choice.readsTokens()
              ? task(choice, counter.identity(), () -> counter)
              : task(choice, "", TaskBook::none);
      if (names.add(task.id().name())) {
        tasks.add(new PlannedTask(task, choice.limit()));
      }
    }
    return tasks;
  }

  private Task<?> task(TaskChoice choice, String tokenizer, Supplier<TokenCounter> counter) {
    return made.computeIfAbsent(
        new Made(choice, tokenizer), key -> choice.task(shelf, lengthInName, counter));
  }

  private static TokenCounter none() {
    throw new IllegalStateException("a task that reads no tokens asked for a tokenizer");
  }
}
