package org.ssasuite.tasks.pg19;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;

/**
 * The perplexity tasks: {@code pg19} (the first 8,192 tokens of books), {@code pg19-long} (32,768),
 * {@code wikitext2} (rolling windows of 8,192 tokens over all pages) and {@code wikitext2-head}
 * (2,048, the first three pages).
 */
public final class Pg19Tasks {
  private static final String BENCHMARK = "pg19";
  private static final int VERSION = 1;
  private static final int HEAD_PAGES = 3;

  private static final Settings PG19 = new Settings("pg19", "pg19/beginnings.jsonl", 8192, 2);
  private static final Settings PG19_LONG = new Settings("pg19-long", "pg19/long.jsonl", 32_768, 2);
  private static final Settings WIKITEXT2 =
      new Settings("wikitext2", "wikitext2/wiki.test.raw", 8192, 1);
  private static final Settings WIKITEXT2_HEAD =
      new Settings("wikitext2-head", "wikitext2/wiki.test.raw", 2048, 1);

  private Pg19Tasks() {}

  /** What a task has where nobody says otherwise, and the least that it works with. */
  private record Settings(String name, String file, int windowTokens, int leastTokens) {
    TaskId id(int tokens, boolean named) {
      return new TaskId(BENCHMARK, named ? name + "@" + tokens : name, VERSION);
    }

    int window(OptionalInt asked) {
      int tokens = asked.orElse(windowTokens);
      if (tokens < leastTokens) {
        throw new BadInputException(
            "task " + name, "needs a window of " + leastTokens + " tokens or more, not " + tokens);
      }
      return tokens;
    }
  }

  /** The names that {@link #create} knows, in table order. */
  public static List<String> names() {
    return List.of(PG19.name(), PG19_LONG.name(), WIKITEXT2.name(), WIKITEXT2_HEAD.name());
  }

  /**
   * Reads a task's data and makes the task.
   *
   * @param name one of {@link #names}
   * @param data folder with {@code pg19/} and {@code wikitext2/}; files in them may be packed
   *     ({@code .gz}, {@code .xz}, {@code .zst})
   * @param windowTokens the most tokens that one pass reads; absent: the task's own
   * @throws BadInputException for an unknown name, a window that is too short, and data that is
   *     missing, corrupt or empty
   */
  public static Task<?> create(String name, Path data, OptionalInt windowTokens) {
    return create(name, data, windowTokens, false);
  }

  /**
   * The same for a run that has a task at several windows.
   *
   * @param windowInName whether the task is called after its window, as {@code pg19@4096}, because
   *     a run has it at several
   * @throws BadInputException for an unknown name, a window that is too short, and data that is
   *     missing, corrupt or empty
   */
  public static Task<?> create(
      String name, Path data, OptionalInt windowTokens, boolean windowInName) {
    return switch (name) {
      case "pg19" -> books(PG19, data, windowTokens, windowInName);
      case "pg19-long" -> books(PG19_LONG, data, windowTokens, windowInName);
      case "wikitext2" -> pages(WIKITEXT2, data, windowTokens, windowInName, Integer.MAX_VALUE);
      case "wikitext2-head" -> pages(WIKITEXT2_HEAD, data, windowTokens, windowInName, HEAD_PAGES);
      default ->
          throw new BadInputException("task " + name, "is none of " + String.join(", ", names()));
    };
  }

  private static Task<?> books(
      Settings settings, Path data, OptionalInt windowTokens, boolean windowInName) {
    int tokens = settings.window(windowTokens);
    return new BookTask(
        settings.id(tokens, windowInName),
        new Windows.First(tokens),
        BookFile.read(DataFolder.find(data, settings.file())));
  }

  private static Task<?> pages(
      Settings settings, Path data, OptionalInt windowTokens, boolean windowInName, int pageLimit) {
    int tokens = settings.window(windowTokens);
    return new WikiTask(
        settings.id(tokens, windowInName),
        new Windows.Rolling(tokens),
        WikiFile.read(DataFolder.find(data, settings.file()), pageLimit));
  }
}
