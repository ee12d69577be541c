package org.ssasuite.tasks.longbench;

/**
 * Similarity of two texts by insertions and deletions of code points.
 *
 * <pre>
 * ratio = (|a| + |b| − d) / (|a| + |b|),  d = fewest insertions and deletions = |a| + |b| − 2 LCS
 * </pre>
 *
 * <p>Reference: python-Levenshtein, {@code Levenshtein.ratio}, of at least one text that is not
 * empty.
 */
final class IndelSimilarity {
  private IndelSimilarity() {}

  static double ratio(String a, String b) {
    int[] left = a.codePoints().toArray();
    int[] right = b.codePoints().toArray();
    int length = left.length + right.length;
    return 2.0 * commonSubsequence(left, right) / length;
  }

  private static int commonSubsequence(int[] a, int[] b) {
    int[] row = new int[b.length + 1];
    for (int x : a) {
      int diagonal = 0;
      for (int j = 1; j <= b.length; j++) {
        int above = row[j];
        row[j] = x == b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]);
        diagonal = above;
      }
    }
    return row[b.length];
  }
}
