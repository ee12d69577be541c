package org.ssasuite.core.metrics;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Similarity of two texts by their longest common stretches (Ratcliff and Obershelp's gestalt
 * matching): the longest one, and so on to its left and to its right.
 *
 * <pre>
 * ratio = 2 Σ lengths of the stretches / (|a| + |b|), lengths in code points; 1 for two empty texts
 * </pre>
 *
 * <p>Reference: CPython 3.11, {@code Lib/difflib.py}, {@code SequenceMatcher(None, a, b).ratio()}.
 *
 * <p>Quirks kept: if b has 200 code points or more, those that occur in it more than |b|/100 + 1
 * times (rounded down) start no stretch, they only prolong one; so the order of the two texts
 * matters. Of stretches of one length the first in a, then the first in b, is taken.
 */
final class SequenceMatcher {
  private static final int LEAST_FOR_POPULAR = 200;
  private static final int[] NOWHERE = {};

  private final int[] a;
  private final int[] b;

  /** Where each code point of b stands, ascending; popular ones are absent. */
  private final Map<Integer, int[]> places;

  /**
   * [b + 1] the length of the stretch that ends before a's and b's index; 0 where none does. Two of
   * them take turns, and are all 0 between searches: a search costs what it looks at.
   */
  private int[] lengths;

  private int[] next;

  private SequenceMatcher(int[] a, int[] b) {
    this.a = a;
    this.b = b;
    this.places = places(b);
    this.lengths = new int[b.length + 1];
    this.next = new int[b.length + 1];
  }

  static double ratio(String a, String b) {
    SequenceMatcher matcher =
        new SequenceMatcher(a.codePoints().toArray(), b.codePoints().toArray());
    int length = matcher.a.length + matcher.b.length;
    return length == 0 ? 1 : 2.0 * matcher.matched() / length;
  }

  private static Map<Integer, int[]> places(int[] text) {
    Map<Integer, int[]> places = new HashMap<>();
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i = 0; i < text.length; i++) {
      int count = counts.merge(text[i], 1, Integer::sum);
      int[] at = places.getOrDefault(text[i], NOWHERE);
      at = count > at.length ? Arrays.copyOf(at, Math.max(4, 2 * count)) : at;
      at[count - 1] = i;
      places.put(text[i], at);
    }
    int most = text.length >= LEAST_FOR_POPULAR ? text.length / 100 + 1 : Integer.MAX_VALUE;
    counts.forEach(
        (codePoint, count) -> {
          if (count > most) {
            places.remove(codePoint);
          } else {
            places.put(codePoint, Arrays.copyOf(places.get(codePoint), count));
          }
        });
    return places;
  }

  /** A rectangle of both texts, or a stretch in it: half-open ranges of code points. */
  private record Range(int aFrom, int aTo, int bFrom, int bTo) {}

  private int matched() {
    int matched = 0;
    Deque<Range> open = new ArrayDeque<>();
    open.push(new Range(0, a.length, 0, b.length));
    while (!open.isEmpty()) {
      Range range = open.pop();
      Range longest = longest(range);
      int length = longest.aTo() - longest.aFrom();
      if (length > 0) {
        matched += length;
        open.push(new Range(range.aFrom(), longest.aFrom(), range.bFrom(), longest.bFrom()));
        open.push(new Range(longest.aTo(), range.aTo(), longest.bTo(), range.bTo()));
      }
    }
    return matched;
  }

  private Range longest(Range range) {
    int aBest = range.aFrom();
    int bBest = range.bFrom();
    int best = 0;
    for (int i = range.aFrom(); i < range.aTo(); i++) {
      int[] at = places.getOrDefault(a[i], NOWHERE);
      for (int k = firstFrom(at, range.bFrom()); k < at.length && at[k] < range.bTo(); k++) {
        int j = at[k];
        next[j + 1] = lengths[j] + 1;
        if (next[j + 1] > best) {
          best = next[j + 1];
          aBest = i - best + 1;
          bBest = j - best + 1;
        }
      }
      if (i > range.aFrom()) {
        clear(a[i - 1], range);
      }
      int[] done = lengths;
      lengths = next;
      next = done;
    }
    if (range.aTo() > range.aFrom()) {
      clear(a[range.aTo() - 1], range);
    }
    return prolonged(range, new Range(aBest, aBest + best, bBest, bBest + best));
  }

  private void clear(int codePoint, Range range) {
    int[] at = places.getOrDefault(codePoint, NOWHERE);
    for (int k = firstFrom(at, range.bFrom()); k < at.length && at[k] < range.bTo(); k++) {
      lengths[at[k] + 1] = 0;
    }
  }

  private static int firstFrom(int[] ascending, int least) {
    int at = Arrays.binarySearch(ascending, least);
    return at < 0 ? -at - 1 : at;
  }

  /** Popular code points beside a stretch belong to it. */
  private Range prolonged(Range range, Range stretch) {
    int aFrom = stretch.aFrom();
    int bFrom = stretch.bFrom();
    while (aFrom > range.aFrom() && bFrom > range.bFrom() && a[aFrom - 1] == b[bFrom - 1]) {
      aFrom--;
      bFrom--;
    }
    int aTo = stretch.aTo();
    int bTo = stretch.bTo();
    while (aTo < range.aTo() && bTo < range.bTo() && a[aTo] == b[bTo]) {
      aTo++;
      bTo++;
    }
    return new Range(aFrom, aTo, bFrom, bTo);
  }
}
