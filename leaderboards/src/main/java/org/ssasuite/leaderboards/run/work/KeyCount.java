package org.ssasuite.leaderboards.run.work;

import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;

/**
 * Pairs of queries and keys that a head's attention takes, in closed form: exact for full
 * attention, elsewhere to half a block a query.
 *
 * @param attended whose values count
 * @param looked at to choose those: means of blocks, or all keys
 */
public record KeyCount(double attended, double looked) {
  /** Of the queries at positions {@code past} to {@code past + tokens − 1}. */
  public static KeyCount of(AttentionMode mode, long past, long tokens) {
    KeyCount to = upTo(mode, past + tokens);
    KeyCount from = upTo(mode, past);
    return new KeyCount(to.attended - from.attended, to.looked - from.looked);
  }

  private static KeyCount upTo(AttentionMode mode, long queries) {
    double tokens = (double) queries;
    if (mode instanceof BlockSparse sparse) {
      double attended = selected(sparse.blockSize(), sparse.blockCount(), tokens);
      return new KeyCount(
          attended, looked(sparse.rule(), sparse.blockSize(), sparse.blockCount(), tokens));
    }
    if (mode instanceof ThreeBranch three) {
      double window = window(three.window(), tokens);
      double means = all(tokens) / three.blockSize();
      double attended = selected(three.blockSize(), three.blockCount(), tokens);
      return new KeyCount(attended + window + means, means);
    }
    return new KeyCount(all(tokens), 0);
  }

  private static double all(double tokens) {
    return tokens * (tokens + 1) / 2;
  }

  /** A query has half of its own block before it on average. */
  private static double selected(int size, int count, double tokens) {
    return window((count - 1) * size + (size + 1) / 2.0, tokens);
  }

  /** Up to so many keys a query. */
  private static double window(double most, double tokens) {
    return tokens <= most ? all(tokens) : all(most) + (tokens - most) * most;
  }

  private static double looked(SelectionRule rule, int size, int count, double tokens) {
    if (rule == SelectionRule.BEST) {
      return all(tokens);
    }
    boolean byMeans = rule == SelectionRule.EXACT || rule == SelectionRule.RELEASED;
    boolean chooses = tokens > (double) size * count;
    return byMeans && chooses ? all(tokens) / size : 0;
  }
}
