package org.ssasuite.core.metrics;

/**
 * What a loss is divided by.
 *
 * @param bytes in UTF-8
 */
public record TextSize(int words, int bytes) {
  public TextSize {
    if (words < 0 || bytes < 0) {
      throw new IllegalArgumentException(words + " words, " + bytes + " bytes");
    }
  }
}
