package org.ssasuite.runtime.statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * Query tokens by position: {@code from} to {@code to} − 1.
 *
 * @param from 0 or more
 * @param to not below {@code from}; equal: none
 */
public record QueryRange(int from, int to) {
  private static final int FIRST_BUCKET_TOKENS = 1_024;

  public QueryRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("queries " + from + ":" + to);
    }
  }

  /** How many there are. */
  public int queries() {
    return to - from;
  }

  /** How many there are at a position or behind it. */
  public int queriesFrom(int position) {
    return Math.max(0, to - Math.max(from, position));
  }

  /** What lies in both. */
  public QueryRange within(QueryRange other) {
    int first = Math.max(from, other.from);
    return new QueryRange(first, Math.max(first, Math.min(to, other.to)));
  }

  /** The position buckets [0, 1024), [1024, 2048), [2048, 4096), … that hold so many tokens. */
  public static List<QueryRange> buckets(int tokens) {
    List<QueryRange> buckets = new ArrayList<>();
    buckets.add(new QueryRange(0, FIRST_BUCKET_TOKENS));
    while (buckets.get(buckets.size() - 1).to < tokens) {
      int from = buckets.get(buckets.size() - 1).to;
      buckets.add(new QueryRange(from, (int) Math.min(2L * from, Integer.MAX_VALUE)));
    }
    return List.copyOf(buckets);
  }
}
