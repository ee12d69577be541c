package org.ssasuite.core.metrics;

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
    return 2.0 * CommonSubsequence.length(left, right) / length;
  }
}
