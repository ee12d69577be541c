package org.ssasuite.core;

import java.util.Collection;
import java.util.Comparator;

/** What somebody may have meant who mistyped a name. */
public final class NearName {
  private NearName() {}

  /**
   * The end of a sentence, as {@code "; did you mean piqa?"}.
   *
   * @return empty if no name is within a third of the letters, of those that are there the nearest
   *     and first
   */
  public static String hint(String given, Collection<String> names) {
    int most = Math.max(1, given.length() / 3);
    return names.stream()
        .filter(name -> distance(given, name) <= most)
        .min(Comparator.comparingInt(name -> distance(given, name)))
        .map(name -> "; did you mean " + name + "?")
        .orElse("");
  }

  /** Letters to put in, leave out or change (Levenshtein 1966). */
  private static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] now = new int[b.length() + 1];
      now[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(changed, 1 + Math.min(before[j], now[j - 1]));
      }
      before = now;
    }
    return before[b.length()];
  }
}
