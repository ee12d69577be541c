package org.ssasuite.core.attribution;

import java.util.Objects;
import org.ssasuite.core.request.TextSpan;

/**
 * What an answer is found by.
 *
 * @param span where it stands in the prompt
 * @param tenth how deep that is: the tenth of the text in which it begins, from 0 to 9
 */
public record Needle(TextSpan span, int tenth) {
  /** How many tenths there are. */
  public static final int TENTHS = 10;

  public Needle {
    Objects.requireNonNull(span);
    if (tenth < 0 || tenth >= TENTHS) {
      throw new IllegalArgumentException("tenth " + tenth);
    }
  }
}
