package org.ssasuite.tasks.commonsense;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.hub.RecordFiles;

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
   * Reads the files of a split.
   *
   * @param form what one record says
   * @throws BadInputException for a file that is corrupt or empty, and for a record of another form
   */
  static QuestionFile read(RecordFiles files, Function<JsonLine, Question> form) {
    return new QuestionFile(records(files, form), files.digests());
  }

  /**
   * All records, at least one. Each is read when its line has been, so that a file of another form
   * is refused at its first line, however many there are.
   */
  static <T> List<T> records(RecordFiles files, Function<JsonLine, T> form) {
    List<T> records = new ArrayList<>();
    files.forEach(line -> records.add(form.apply(line)));
    if (records.isEmpty()) {
      throw new BadInputException(files.path(), "no record in it");
    }
    return records;
  }
}
