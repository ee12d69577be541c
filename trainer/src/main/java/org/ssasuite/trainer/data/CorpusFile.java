package org.ssasuite.trainer.data;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonLine;

/**
 * A file of documents, a JSON object a line, plain or packed (.gz, .zst, .xz), of any size.
 *
 * @param field the key of the text
 */
public record CorpusFile(Path path, String field) {
  public CorpusFile {
    Objects.requireNonNull(path);
    Objects.requireNonNull(field);
  }

  /**
   * Hands over each line with its text, one at a time.
   *
   * @throws BadInputException if the file is missing, truncated or corrupt, or a line is no object
   *     with such a text; the message names file and line
   */
  public void forEach(BiConsumer<JsonLine, String> consumer) {
    new DataFile(path, Long.MAX_VALUE)
        .forEachJsonLine(line -> consumer.accept(line, line.text(field)));
  }
}
