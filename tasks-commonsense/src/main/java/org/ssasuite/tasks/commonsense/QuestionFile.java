package org.ssasuite.tasks.commonsense;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.JsonLine;

/**
 * A split of a data set.
 *
 * @param questions in the file's order
 * @param digests of the contents that it was read from, unpacked
 */
record QuestionFile(List<Question> questions, List<String> digests) {
  QuestionFile {
    questions = List.copyOf(questions);
    digests = List.copyOf(digests);
  }

  /**
   * Reads a file of one record a line.
   *
   * @param form what one line says
   * @throws BadInputException for a file that is corrupt or empty, and for a line of another form
   */
  static QuestionFile read(DataFile file, Function<JsonLine, Question> form) {
    return new QuestionFile(
        lines(file).stream().map(form).toList(), List.of(Digests.sha256(file.bytes())));
  }

  /** All lines, at least one. */
  static List<JsonLine> lines(DataFile file) {
    List<JsonLine> lines = new ArrayList<>();
    file.forEachJsonLine(lines::add);
    if (lines.isEmpty()) {
      throw new BadInputException(file.path(), "no record in it");
    }
    return lines;
  }
}
