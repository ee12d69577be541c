package org.ssasuite.tasks.ruler.text;

import java.util.Comparator;

/** Python's order of strings: by code points, where Java's is by UTF-16 units. */
public final class CodePointOrder {
  public static final Comparator<String> STRINGS = CodePointOrder::compare;

  private static final int FIRST_SURROGATE = 0xD800;
  private static final int BEHIND_SURROGATES = 0xE000;

  private CodePointOrder() {}

  private static int compare(String one, String other) {
    int shared = Math.min(one.length(), other.length());
    for (int i = 0; i < shared; i++) {
      if (one.charAt(i) != other.charAt(i)) {
        return Integer.compare(rank(one.charAt(i)), rank(other.charAt(i)));
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  /** Surrogates stand for code points above all other units. */
  private static int rank(char unit) {
    return unit >= FIRST_SURROGATE && unit < BEHIND_SURROGATES ? unit + BEHIND_SURROGATES : unit;
  }
}
