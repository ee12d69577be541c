package org.ssasuite.runtime.operator;

import java.util.List;
import org.ssasuite.runtime.oracle.AttentionStatisticsOracle;
import org.ssasuite.runtime.statistics.QueryRange;

/** The fp64 oracle's statistics, summed over the queries in range as the operator sums its own. */
final class OracleSums {
  private final AttentionStatisticsInputs inputs;
  private final List<QueryRange> buckets;
  private final double[] sums;

  /**
   * Over the blocks that a kernel chose.
   *
   * @param selected [T, H, width]; empty in full mode
   */
  OracleSums(AttentionStatisticsInputs inputs, int[] selected) {
    this.inputs = inputs;
    buckets = QueryRange.buckets(inputs.attention().tokens());
    sums = new double[inputs.sums()];
    AttentionStatisticsOracle oracle =
        new AttentionStatisticsOracle(inputs.attention(), inputs.asked(), selected);
    for (int s = 0; s < inputs.ranges().size(); s++) {
      for (int bucket = 0; bucket < inputs.buckets(); bucket++) {
        QueryRange range = range(s, bucket);
        for (int t = range.from(); t < range.to(); t++) {
          add(oracle, s, bucket, t);
        }
      }
    }
  }

  private void add(AttentionStatisticsOracle oracle, int s, int bucket, int t) {
    AttentionInputs attention = inputs.attention();
    int width = inputs.columns().count();
    for (int kvHead = 0; kvHead < attention.kvHeads(); kvHead++) {
      double[][] group = oracle.group(attention.sequenceStarts()[s] + t, kvHead);
      int head = (s * inputs.buckets() + bucket) * attention.queryHeads() + kvHead * group.length;
      for (int i = 0; i < group.length * width; i++) {
        sums[head * width + i] += group[i / width][i % width];
      }
    }
  }

  /** [S, B, HQ, columns]. */
  double[] sums() {
    return sums;
  }

  /** How many queries a sum is over. */
  int queries(int index) {
    int row = index / (inputs.columns().count() * inputs.attention().queryHeads());
    return range(row / inputs.buckets(), row % inputs.buckets()).queries();
  }

  private QueryRange range(int s, int bucket) {
    int[] starts = inputs.attention().sequenceStarts();
    return inputs
        .ranges()
        .get(s)
        .within(new QueryRange(0, starts[s + 1] - starts[s]))
        .within(buckets.get(bucket));
  }
}
