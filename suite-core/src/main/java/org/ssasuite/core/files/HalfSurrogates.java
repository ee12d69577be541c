package org.ssasuite.core.files;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;

/**
 * Halves of surrogate pairs without the other half: JSON can state them, and Java's strings hold
 * them, but no UTF-8 can and no tokenizer takes them. Python's tokenizers refuse such a text; where
 * texts are read, so do we.
 */
public final class HalfSurrogates {
  private HalfSurrogates() {}

  /** The index of the first one in a text. */
  public static OptionalInt firstIn(String text) {
    int c;
    for (int i = 0; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * A text that a file states, if it has none.
   *
   * @throws BadInputException naming the file
   */
  public static String refused(Path file, String text) {
    firstIn(text)
        .ifPresent(
            at -> {
              throw new BadInputException(
                  file, "a text has half of a surrogate pair at character " + at);
            });
    return text;
  }
}
