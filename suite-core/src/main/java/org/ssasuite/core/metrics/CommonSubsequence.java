package org.ssasuite.core.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How long the longest common subsequence of two texts is: 64 cells of the table of lengths at a
 * time ({@link SentencePairs} has the formula), a stripe of 64 code points of the shorter text
 * after the other. Memory grows with the texts' lengths, time with their product: 10^10 cells take
 * a second or less.
 */
final class CommonSubsequence {
  private CommonSubsequence() {}

  static int length(int[] a, int[] b) {
    int most = Math.min(a.length, b.length);
    int head = 0;
    while (head < most && a[head] == b[head]) {
      head++;
    }
    int tail = 0;
    while (tail < most - head && a[a.length - 1 - tail] == b[b.length - 1 - tail]) {
      tail++;
    }
    int[] left = Arrays.copyOfRange(a, head, a.length - tail);
    int[] right = Arrays.copyOfRange(b, head, b.length - tail);
    boolean turned = left.length > right.length;
    return head + tail + inside(turned ? right : left, turned ? left : right);
  }

  private static int inside(int[] shorter, int[] longer) {
    Map<Integer, Integer> numbers = new HashMap<>();
    for (int codePoint : shorter) {
      numbers.putIfAbsent(codePoint, numbers.size());
    }
    // What the shorter text lacks changes nothing.
    int[] rest = Arrays.stream(longer).filter(numbers::containsKey).map(numbers::get).toArray();
    long[] matches = new long[numbers.size()];
    long[] carries = new long[rest.length / Long.SIZE + 1];
    int length = 0;
    for (int from = 0; from < shorter.length; from += Long.SIZE) {
      int to = Math.min(from + Long.SIZE, shorter.length);
      for (int i = from; i < to; i++) {
        matches[numbers.get(shorter[i])] |= 1L << i;
      }
      length += to - from - Long.bitCount(stripe(rest, matches, carries) & lowest(to - from));
      for (int i = from; i < to; i++) {
        matches[numbers.get(shorter[i])] = 0;
      }
    }
    return length;
  }

  private static long lowest(int bits) {
    return bits == Long.SIZE ? -1 : (1L << bits) - 1;
  }

  /**
   * One stripe.
   *
   * @param carries of the sums of the stripe before, a bit for each code point; then of this one's
   */
  private static long stripe(int[] text, long[] matches, long[] carries) {
    long v = -1;
    for (int r = 0; r < text.length; r++) {
      long u = v & matches[text[r]];
      long sum = v + u + ((carries[r / Long.SIZE] >>> r) & 1);
      long carry = ((v & u) | ((v | u) & ~sum)) >>> (Long.SIZE - 1);
      v = sum | (v - u);
      carries[r / Long.SIZE] = (carries[r / Long.SIZE] & ~(1L << r)) | carry << r;
    }
    return v;
  }
}
