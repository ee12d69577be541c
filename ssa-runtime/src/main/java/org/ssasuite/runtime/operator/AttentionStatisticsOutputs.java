package org.ssasuite.runtime.operator;

import java.util.Objects;

/**
 * What the attention operator gives where statistics are asked for. The arrays are not copied and
 * must not be changed.
 *
 * @param attention what it gives anyway
 * @param totals [S, B, HQ, columns] sums over the queries of each sequence, bucket and head
 */
// Arrays on purpose, as those of the operator's other outputs.
@SuppressWarnings("ArrayRecordComponent")
public record AttentionStatisticsOutputs(AttentionOutputs attention, double[] totals) {
  public AttentionStatisticsOutputs {
    Objects.requireNonNull(attention);
    Objects.requireNonNull(totals);
  }
}
