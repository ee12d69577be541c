package org.ssasuite.leaderboards.samples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.request.TokenCounter;
import org.ssasuite.leaderboards.task.RulerSize;
import org.ssasuite.leaderboards.task.TaskShelf;
import org.ssasuite.runtime.PieceCounter;
import org.ssasuite.tasks.ruler.RulerTasks;

/** RULER's samples for a tokenizer, line by line as the task's reference writes them. */
final class RulerSamples {
  private static final String WHITESPACE = "whitespace";

  private RulerSamples() {}

  /**
   * Hands out the lines.
   *
   * @param tokenizer {@code whitespace}, or a folder with a {@code tokenizer.json}
   * @param count the first so many; absent: all
   * @throws BadInputException for a tokenizer or data that is missing, and samples that do not fit
   */
  static void print(
      TaskShelf shelf,
      String task,
      RulerSize size,
      OptionalInt count,
      String tokenizer,
      Consumer<String> lines) {
    if (tokenizer.equals(WHITESPACE)) {
      print(shelf, task, size, count, RulerTasks.whitespace(), lines);
      return;
    }
    try (PieceCounter counter = PieceCounter.load(file(tokenizer))) {
      print(shelf, task, size, count, counter, lines);
    }
  }

  private static void print(
      TaskShelf shelf,
      String task,
      RulerSize size,
      OptionalInt count,
      TokenCounter counter,
      Consumer<String> lines) {
    try (Stream<String> all = shelf.rulerLines(task, size, count, counter)) {
      all.forEach(lines);
    }
  }

  private static Path file(String tokenizer) {
    Path folder = Path.of(tokenizer);
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          "--tokenizer " + tokenizer, "is neither 'whitespace' nor a folder with a tokenizer.json");
    }
    return DataFile.in(folder, "tokenizer.json").path();
  }
}
