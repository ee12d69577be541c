package org.ssasuite.core.calibration;

import java.util.Arrays;

/** A text's UTF-8 bytes, seen as tokens. An unpaired surrogate counts as three bytes. */
final class Utf8Bytes {
  private static final int MOST_BYTES_PER_UNIT = 3;

  private Utf8Bytes() {}

  static int count(String text) {
    return text.codePoints().map(Utf8Bytes::bytes).sum();
  }

  /** [bytes] the UTF-16 index at which the character that a byte belongs to ends. */
  static int[] ends(String text) {
    int[] ends = new int[Math.multiplyExact(text.length(), MOST_BYTES_PER_UNIT)];
    int count = 0;
    int at = 0;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      at += Character.charCount(codePoint);
      for (int b = bytes(codePoint); b > 0; b--) {
        ends[count++] = at;
      }
    }
    return Arrays.copyOf(ends, count);
  }

  private static int bytes(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    if (codePoint < 0x800) {
      return 2;
    }
    return codePoint < 0x10000 ? 3 : 4;
  }
}
