package org.ssasuite.runtime.checkpoint;

import java.util.Locale;
import java.util.Objects;
import org.ssasuite.core.BadInputException;

/**
 * The longest text that a model is computed on here as its family defines it.
 *
 * @param tokens of that text
 * @param reason what changes beyond, as a clause behind a comma
 */
public record TextLimit(int tokens, String reason) {
  public TextLimit {
    Objects.requireNonNull(reason);
  }

  /**
   * Refuses a longer text.
   *
   * @param of whose it is
   * @param length its tokens
   * @throws BadInputException naming both lengths
   */
  public void require(String of, int length) {
    if (length > tokens) {
      throw new BadInputException(
          of,
          String.format(
              Locale.ROOT, "a text of %d tokens is longer than %d, %s", length, tokens, reason));
    }
  }
}
