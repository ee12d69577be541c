package org.ssasuite.runtime.statistics;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One layer's statistics over the queries of a range: per query head means, from sums.
 *
 * @param queries of which there is at least one
 * @param sums [HQ, columns]
 * @param residual what the residual stream was like that entered the layer
 */
// The sums are handed on as they came from the operator. Nothing compares them by value.
@SuppressWarnings("ArrayRecordComponent")
public record HeadStatistics(
    QueryRange queries,
    StatisticColumns columns,
    boolean gated,
    double[] sums,
    ResidualMagnitude residual) {
  public HeadStatistics {
    Objects.requireNonNull(residual);
    if (queries.queries() < 1 || sums.length == 0 || sums.length % columns.count() != 0) {
      throw new IllegalArgumentException(
          sums.length + " sums of " + columns.count() + " columns over " + queries);
    }
  }

  /**
   * |x| of the residual stream, over a range's tokens.
   *
   * @param largest of all dimensions
   * @param meanMedian mean over the tokens of the median over dimensions
   */
  public record ResidualMagnitude(double largest, double meanMedian) {}

  /** HQ. */
  public int heads() {
    return sums.length / columns.count();
  }

  /** Mean gates of a head: compressed, selected = full, window; absent in a model without. */
  public Optional<double[]> gates(int head) {
    return gated
        ? Optional.of(
            new double[] {
              mean(head, columns.gate(0)), mean(head, columns.gate(1)), mean(head, columns.gate(2))
            })
        : Optional.empty();
  }

  /** Mean mass on the first n positions, n = {@link StatisticColumns#FIRST} at {@code which}. */
  public double first(int branch, int which, int head) {
    double sum = 0;
    for (int key = 0; key < StatisticColumns.FIRST.get(which); key++) {
      sum += sum(head, columns.keyMass(branch, key));
    }
    return sum / queries.queries();
  }

  /** The same of the mass weighted by the lengths of values. */
  public double firstValue(int branch, int which, int head) {
    return mean(head, columns.firstValue(branch, which));
  }

  /** Mean mass on the last n positions, n = {@link StatisticColumns#LAST} at {@code which}. */
  public double last(int branch, int which, int head) {
    return mean(head, columns.last(branch, which));
  }

  /** Mean mass on a position over the queries at it or behind it; 0 if there are none. */
  public double keyMass(int branch, int key, int head) {
    int count = queries.queriesFrom(key);
    return count == 0 ? 0 : sum(head, columns.keyMass(branch, key)) / count;
  }

  /** Mean entropy in bits. */
  public double entropyBits(int branch, int head) {
    return mean(head, columns.entropyBits(branch));
  }

  /** Mean over the queries behind position 0 of entropy over log2 of the attended keys. */
  public OptionalDouble entropyNormalised(int branch, int head) {
    return behindFirst(head, columns.entropyNormalised(branch));
  }

  /** Mean of 1 / Σ a². */
  public double effectiveKeys(int branch, int head) {
    return mean(head, columns.effectiveKeys(branch));
  }

  /** Mean entropy of the compressed branch over blocks, in bits. */
  public double compressedEntropyBits(int head) {
    return mean(head, columns.compressedEntropyBits());
  }

  /** The same over log2 of the complete blocks, over the queries behind position 0. */
  public OptionalDouble compressedEntropyNormalised(int head) {
    return behindFirst(head, columns.compressedEntropyBits() + 1);
  }

  /** Mean mass within a budget's exact selection. */
  public double captured(int budget, int head) {
    return mean(head, columns.captured(budget));
  }

  /** Mean mass within the blocks that hold most. */
  public double capturedBest(int budget, int head) {
    return mean(head, columns.captured(budget) + 1);
  }

  /** Mean of what a budget's selection costs. */
  public double outputError(int budget, int head) {
    return mean(head, columns.outputError(budget));
  }

  /** Mean of the bound on that. */
  public double errorBound(int budget, int head) {
    return mean(head, columns.outputError(budget) + 1);
  }

  private OptionalDouble behindFirst(int head, int column) {
    int count = queries.queriesFrom(1);
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum(head, column) / count);
  }

  private double mean(int head, int column) {
    return sum(head, column) / queries.queries();
  }

  private double sum(int head, int column) {
    return sums[head * columns.count() + column];
  }
}
