package org.ssasuite.core.metrics;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Walks along longest common subsequences of pairs of sentences, word by word from their ends, as
 * {@link RougeL}'s reference backtracks through the table of their lengths. Mutable; for one text.
 *
 * <p>Of the table, one bit a cell is kept, and of those only the rows that a walk of so many calls
 * can reach: V[s, r] of the shorter sentence's word s after r words of the longer one is 0 where
 * the length grows with word s.
 *
 * <pre>
 * U = V &amp; matches of word r;  V' = (V + U) | (V − U);  length of the first s, r words = zeros of V
 * </pre>
 *
 * <p>Source: M. Crochemore et al., A fast and practical bit-vector algorithm for the longest common
 * subsequence problem, 2001.
 */
final class SentencePairs {
  private final int mostCalls;

  /** By word: which row of {@link #matches} is its own in the current pair; 0: it is in none. */
  private final int[] rowOfWord;

  private long[] matches = {};
  private long[] rows = {};
  private long[] current = {};
  private int width;
  private int firstRow;

  /**
   * No pair yet.
   *
   * @param mostCalls of the reference's backtracking, the first of which takes no step
   * @param words that there are, numbered from 0
   */
  SentencePairs(int mostCalls, int words) {
    this.mostCalls = mostCalls;
    this.rowOfWord = new int[words];
  }

  /** Whether a pair has to be walked to know that its calls are few enough. */
  boolean mayTakeTooMany(int[] x, int[] y) {
    // A step leaves out a word of one of them at least.
    return 1L + x.length + y.length > mostCalls;
  }

  /**
   * Adds the words of one longest common subsequence.
   *
   * @return whether the walk stayed within its calls
   */
  boolean addCommon(int[] x, int[] y, BitSet union) {
    if (Math.min(x.length, y.length) >= mostCalls) {
      return false; // a step leaves out one word of each at most, and it ends with either
    }
    boolean turned = x.length > y.length;
    fill(turned ? y : x, turned ? x : y);
    int i = x.length;
    int j = y.length;
    int calls = 1;
    while (i > 0 && j > 0 && calls <= mostCalls) {
      if (x[i - 1] == y[j - 1]) {
        union.set(x[i - 1]);
        i--;
        j--;
      } else {
        int withoutX = turned ? length(j, i - 1) : length(i - 1, j);
        int withoutY = turned ? length(j - 1, i) : length(i, j - 1);
        if (withoutX > withoutY) {
          i--;
        } else {
          j--;
        }
      }
      calls++;
    }
    return calls <= mostCalls;
  }

  private void fill(int[] shorter, int[] longer) {
    width = (shorter.length + Long.SIZE - 1) / Long.SIZE;
    firstRow = Math.max(0, longer.length - mostCalls);
    makeRoom(shorter.length, longer.length);
    int known = 0;
    for (int s = 0; s < shorter.length; s++) {
      int word = shorter[s];
      if (rowOfWord[word] == 0) {
        known++;
        rowOfWord[word] = known;
        Arrays.fill(matches, known * width, (known + 1) * width, 0);
      }
      matches[rowOfWord[word] * width + s / Long.SIZE] |= 1L << s;
    }
    Arrays.fill(current, 0, width, -1);
    for (int r = 0; r <= longer.length; r++) {
      if (r > 0 && rowOfWord[longer[r - 1]] > 0) {
        take(rowOfWord[longer[r - 1]] * width);
      }
      if (r >= firstRow) {
        System.arraycopy(current, 0, rows, (r - firstRow) * width, width);
      }
    }
    for (int word : shorter) {
      rowOfWord[word] = 0;
    }
  }

  private void makeRoom(int shorter, int longer) {
    if (current.length < width) {
      current = new long[width];
    }
    if (matches.length < (shorter + 1) * width) {
      matches = new long[(shorter + 1) * width];
    }
    int kept = (longer - firstRow + 1) * width;
    if (rows.length < kept) {
      rows = new long[Math.max(kept, 2 * rows.length)];
    }
  }

  /** One word of the longer sentence. */
  private void take(int match) {
    long carry = 0;
    for (int w = 0; w < width; w++) {
      long v = current[w];
      long u = v & matches[match + w];
      long sum = v + u + carry;
      carry = ((v & u) | ((v | u) & ~sum)) >>> (Long.SIZE - 1);
      current[w] = sum | (v - u);
    }
  }

  /** Of the longest common subsequence of the shorter's first s and the longer's first r words. */
  private int length(int s, int r) {
    int from = (r - firstRow) * width;
    int ones = 0;
    int whole = s / Long.SIZE;
    for (int w = 0; w < whole; w++) {
      ones += Long.bitCount(rows[from + w]);
    }
    if (s % Long.SIZE != 0) {
      ones += Long.bitCount(rows[from + whole] & ((1L << s) - 1));
    }
    return s - ones;
  }
}
