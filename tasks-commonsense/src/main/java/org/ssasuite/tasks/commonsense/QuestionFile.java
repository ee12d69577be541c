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
    return new QuestionFile(records(file, form), List.of(Digests.sha256(file.bytes())));
  }

  /**
   * All records, at least one. Each is read when its line has been, so that a file of another form
   * is refused at its first line, however many there are.
   */
  static <T> List<T> records(DataFile file, Function<JsonLine, T> form) {
    List<T> records = new ArrayList<>();
    file.forEachJsonLine(line -> records.add(form.apply(line)));
    if (records.isEmpty()) {
      throw new BadInputException(file.path(), "no record in it");
    }
    return records;
  }
}
