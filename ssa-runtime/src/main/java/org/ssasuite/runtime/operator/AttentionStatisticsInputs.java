package org.ssasuite.runtime.operator;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticColumns;
import org.ssasuite.runtime.statistics.StatisticsRequest;

/**
 * What the attention operator gets where statistics are asked for.
 *
 * @param ranges [S] the queries of each sequence, by position within it
 * @param before [S, B, HQ, columns] sums that the call adds to, with B the buckets of the longest
 *     sequence; absent: zeros
 */
// Arrays on purpose, as those of the operator's other inputs.
@SuppressWarnings("ArrayRecordComponent")
public record AttentionStatisticsInputs(
    AttentionInputs attention,
    StatisticsRequest asked,
    List<QueryRange> ranges,
    Optional<double[]> before) {
  public AttentionStatisticsInputs {
    Objects.requireNonNull(asked);
    ranges = List.copyOf(ranges);
    if (ranges.size() != attention.sequenceStarts().length - 1) {
      throw new IllegalArgumentException(
          ranges.size() + " ranges for " + (attention.sequenceStarts().length - 1) + " sequences");
    }
    int sums = size(attention, new StatisticColumns(asked, attention.mode()));
    if (before.isPresent() && before.get().length != sums) {
      throw new IllegalArgumentException(
          before.get().length + " sums to add to; the statistics have " + sums);
    }
  }

  private static int ranges(AttentionInputs attention) {
    return attention.sequenceStarts().length - 1;
  }

  private static int size(AttentionInputs attention, StatisticColumns columns) {
    return Math.multiplyExact(
        Math.multiplyExact(ranges(attention), buckets(attention)),
        Math.multiplyExact(attention.queryHeads(), columns.count()));
  }

  /** Where each statistic's sums stand. */
  public StatisticColumns columns() {
    return new StatisticColumns(asked, attention.mode());
  }

  /** B: the buckets that the longest sequence needs. */
  public int buckets() {
    return buckets(attention);
  }

  /** Sums in all. */
  public int sums() {
    return size(attention, columns());
  }

  private static int buckets(AttentionInputs attention) {
    int longest = 1;
    int[] starts = attention.sequenceStarts();
    for (int s = 1; s < starts.length; s++) {
      longest = Math.max(longest, starts[s] - starts[s - 1]);
    }
    return QueryRange.buckets(longest).size();
  }
}
