package org.ssasuite.leaderboards.task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.task.Task;
import org.ssasuite.tasks.commonsense.CommonsenseTasks;
import org.ssasuite.tasks.commonsense.CommonsenseTasks.ChoiceRequest;
import org.ssasuite.tasks.pg19.Pg19Tasks;

/**
 * The tasks of all task modules. There are two kinds: a window task reads documents up to a number
 * of tokens; a choice task puts solved records, the shots, before each question.
 */
public final class TaskShelf {
  private static final String PG19 = "pg19";
  private static final String COMMONSENSE = "commonsense";

  private final Path data;

  /**
   * Tasks on the data sets of a folder.
   *
   * @throws BadInputException if there is no such folder
   */
  public TaskShelf(Path data) {
    if (!Files.isDirectory(data)) {
      throw new BadInputException(
          data, Files.exists(data) ? "is a file, not a data folder" : "no such folder");
    }
    this.data = data;
  }

  /** All tasks, in table order. */
  public static List<String> names() {
    return Stream.concat(Pg19Tasks.names().stream(), choiceNames().stream()).toList();
  }

  /** The choice tasks, in table order. */
  public static List<String> choiceNames() {
    return CommonsenseTasks.names();
  }

  /**
   * The suite that a task belongs to.
   *
   * @throws BadInputException if there is no such task
   */
  public static String suiteOf(String task) {
    return isChoice(task) ? COMMONSENSE : PG19;
  }

  /**
   * Whether a task is a choice task; else it is a window task.
   *
   * @throws BadInputException if there is no such task
   */
  public static boolean isChoice(String task) {
    if (!names().contains(task)) {
      throw new BadInputException("task " + task, "is none of " + String.join(", ", names()));
    }
    return choiceNames().contains(task);
  }

  /** What a choice task draws where nobody says otherwise. */
  public static Draws ownDraws(String task) {
    return new Draws(CommonsenseTasks.defaultShots(task), CommonsenseTasks.DEFAULT_SEED);
  }

  /**
   * The tasks of a suite; of two forms of one benchmark the one that the data allow.
   *
   * @param shots instead of the tasks' own
   * @throws BadInputException if there is no such suite
   */
  public List<String> suite(String name, OptionalInt shots) {
    return switch (name) {
      case PG19 -> Pg19Tasks.names();
      case COMMONSENSE -> CommonsenseTasks.suite(data, shots);
      default ->
          throw new BadInputException(
              "suite " + name, "is none of " + String.join(", ", PG19, COMMONSENSE));
    };
  }

  /**
   * A window task.
   *
   * @param window tokens; absent: the task's own
   * @param windowInName whether a run has the task at several windows
   * @throws BadInputException for data that is missing or corrupt, or a window that is too short
   */
  public Task<?> windowTask(String name, OptionalInt window, boolean windowInName) {
    return Pg19Tasks.create(name, data, window, windowInName);
  }

  /**
   * A choice task.
   *
   * @throws BadInputException for data that is missing or corrupt, or too few records to draw from
   */
  public Task<?> choiceTask(String name, Draws draws) {
    return CommonsenseTasks.create(name, data, draws.shots(), draws.seed());
  }

  /**
   * What a choice task asks, all choices of a document one behind the other.
   *
   * @throws BadInputException as {@link #choiceTask}
   */
  public Stream<ChoiceRequest> choiceRequests(String name, Draws draws) {
    return CommonsenseTasks.requests(name, data, draws.shots(), draws.seed());
  }

  /**
   * Digests of all that a choice task asks, each behind its name.
   *
   * @throws BadInputException as {@link #choiceTask}
   */
  public List<String> fingerprints(String name, Draws draws) {
    String fewshot =
        "fewshot " + CommonsenseTasks.fewshotFingerprint(name, data, draws.shots(), draws.seed());
    return draws.shots() > 0
        ? List.of(fewshot)
        : List.of(fewshot, "lm-eval " + CommonsenseTasks.harnessHash(name, data));
  }

  /**
   * A task as it defines itself.
   *
   * @throws BadInputException if there is no such task, or its data is missing or corrupt
   */
  public Task<?> task(String name) {
    return isChoice(name)
        ? choiceTask(name, ownDraws(name))
        : windowTask(name, OptionalInt.empty(), false);
  }
}
