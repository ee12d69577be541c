package org.ssasuite.tasks.pg19;

/**
 * What a loss is divided by.
 *
 * @param bytes in UTF-8
 */
record TextSize(int words, int bytes) {
  TextSize {
    if (words < 0 || bytes < 0) {
      throw new IllegalArgumentException(words + " words, " + bytes + " bytes");
    }
  }
}
