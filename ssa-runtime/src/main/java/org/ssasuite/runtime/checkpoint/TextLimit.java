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
   * @param length its tokens
   * @throws BadInputException naming both lengths
   */
  public void require(int length) {
    if (length > tokens) {
      throw new BadInputException(
          String.format(Locale.ROOT, "text of %d tokens", length),
          String.format(Locale.ROOT, "longer than %d, %s", tokens, reason));
    }
  }
}
