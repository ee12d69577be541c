package org.ssasuite.leaderboards.task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.TokenCounter;
import org.ssasuite.core.task.Task;
import org.ssasuite.tasks.commonsense.CommonsenseTasks;
import org.ssasuite.tasks.commonsense.CommonsenseTasks.ChoiceRequest;
import org.ssasuite.tasks.longbench.LongBenchTasks;
import org.ssasuite.tasks.pg19.Pg19Tasks;
import org.ssasuite.tasks.ruler.RulerTasks;

/**
 * The tasks of all task modules. There are three kinds: a window task reads texts up to a number of
 * tokens, documents that are rated or LongBench's prompts; a choice task puts solved records, the
 * shots, before each question; a RULER task has samples of a number of tokens, so that each
 * tokenizer has its own.
 */
public final class TaskShelf {
  private static final String PG19 = "pg19";
  private static final String COMMONSENSE = "commonsense";

  private final Path data;
  private final RulerOptions ruler;
  private final List<Integer> trainedTokens;

  /**
   * Tasks on the data sets of a folder.
   *
   * @throws BadInputException if there is no such folder
   */
  public TaskShelf(Path data) {
    this(data, RulerOptions.standard());
  }

  /** The same with what a user says about RULER. */
  public TaskShelf(Path data, RulerOptions ruler) {
    if (!Files.isDirectory(data)) {
      throw new BadInputException(
          data, Files.exists(data) ? "is a file, not a data folder" : "no such folder");
    }
    this.data = data;
    this.ruler = ruler;
    this.trainedTokens = List.of();
  }

  private TaskShelf(Path data, RulerOptions ruler, List<Integer> trainedTokens) {
    this.data = data;
    this.ruler = ruler;
    this.trainedTokens = List.copyOf(trainedTokens);
  }

  /** The same tasks for models of these trained lengths, which some of them go by. */
  public TaskShelf forModels(List<Integer> lengths) {
    return new TaskShelf(data, ruler, lengths);
  }

  /** All tasks, in table order. */
  public static List<String> names() {
    return Stream.of(Pg19Tasks.names(), choiceNames(), RulerTasks.names(), LongBenchTasks.names())
        .flatMap(List::stream)
        .toList();
  }

  /** The tasks less those of LongBench that there is no file for: its data is not embedded. */
  public List<String> listed() {
    List<String> there = LongBenchTasks.there(data);
    return names().stream()
        .filter(name -> !LongBenchTasks.names().contains(name) || there.contains(name))
        .toList();
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
    if (isRuler(task)) {
      return RulerTasks.BENCHMARK;
    }
    if (LongBenchTasks.names().contains(task)) {
      return LongBenchTasks.suiteOf(task);
    }
    return isChoice(task) ? COMMONSENSE : PG19;
  }

  /** Whether a task is one of RULER's; names that lm-eval has for them count. */
  public static boolean isRuler(String task) {
    return RulerTasks.has(task);
  }

  /**
   * Whether a task is a choice task; else it is a window task, or one of RULER's.
   *
   * @throws BadInputException if there is no such task
   */
  public static boolean isChoice(String task) {
    if (!names().contains(task) && !isRuler(task)) {
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
    if (LongBenchTasks.suites().contains(name)) {
      return LongBenchTasks.suite(name, data);
    }
    return switch (name) {
      case PG19 -> Pg19Tasks.names();
      case COMMONSENSE -> CommonsenseTasks.suite(data, shots);
      case RulerTasks.BENCHMARK -> RulerTasks.suite(ruler.material(data));
      default ->
          throw new BadInputException(
              "suite " + name,
              "is none of "
                  + String.join(
                      ", ",
                      PG19,
                      COMMONSENSE,
                      RulerTasks.BENCHMARK,
                      String.join(", ", LongBenchTasks.suites())));
    };
  }

  /**
   * A window task.
   *
   * @param window tokens, of a prompt the most that are read; absent: the task's own
   * @param windowInName whether a run has the task at several windows
   * @throws BadInputException for data that is missing or corrupt, or a window that is too short
   */
  public Task<?> windowTask(String name, OptionalInt window, boolean windowInName) {
    if (LongBenchTasks.names().contains(name)) {
      return LongBenchTasks.create(
          name, data, new LongBenchTasks.Setting(window, windowInName, trainedTokens));
    }
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
   * One of RULER's tasks for a tokenizer.
   *
   * @param count samples; absent: all
   * @param lengthInName whether a run has the task at several lengths
   * @throws BadInputException for data that is missing or corrupt, or a length that is too short
   */
  public Task<?> rulerTask(
      String name, RulerSize size, OptionalInt count, boolean lengthInName, TokenCounter counter) {
    return RulerTasks.create(
        name, recipe(size, count), ruler.material(data), counter, lengthInName);
  }

  /**
   * The lines that a RULER task's reference writes.
   *
   * @throws BadInputException as {@link #rulerTask}
   */
  public Stream<String> rulerLines(
      String name, RulerSize size, OptionalInt count, TokenCounter counter) {
    return RulerTasks.lines(name, recipe(size, count), ruler.material(data), counter);
  }

  private RulerTasks.Recipe recipe(RulerSize size, OptionalInt count) {
    return new RulerTasks.Recipe(ruler.version(), size.length(), size.seed(), count);
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
   * A task as it defines itself, no RULER task.
   *
   * @throws BadInputException if there is no such task, or its data is missing or corrupt
   */
  public Task<?> task(String name) {
    return isChoice(name)
        ? choiceTask(name, ownDraws(name))
        : windowTask(name, OptionalInt.empty(), false);
  }
}
