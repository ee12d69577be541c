package org.ssasuite.core.statistics;

import java.util.List;
import java.util.OptionalDouble;

/** Where a mean can lie, and with it how its interval is made, which never leaves it. */
public enum Range {
  /** Nothing is known: the interval of {@link Ratios}. */
  LINE(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
  /** A loss, an entropy: never below 0. */
  NOT_NEGATIVE(0, Double.POSITIVE_INFINITY),
  /**
   * A share: from 0 to 1. Where every document is all right or all wrong, and where all documents
   * have the same value, resampling them says nothing near the ends, or nothing at all; there the
   * interval is Wilson's.
   */
  SHARE(0, 1) {
    @Override
    RatioEstimate of(Clusters clusters, double level, long seed) {
      if (clusters.count() == 1 || !(clusters.allOrNothing() || clusters.agree())) {
        return super.of(clusters, level, seed);
      }
      double ratio = clusters.ratio();
      return new RatioEstimate(
          ratio,
          OptionalDouble.of(clusters.standardError(ratio)),
          Wilson.interval(ratio, clusters.effectiveCount(), level),
          clusters.samples(),
          clusters.count());
    }
  };

  private final double low;
  private final double high;

  Range(double low, double high) {
    this.low = low;
    this.high = high;
  }

  /**
   * Estimates Σ value·weight / Σ weight as {@link Ratios#estimate} does, with an interval that
   * holds only what the mean can be.
   *
   * @throws IllegalArgumentException as there
   */
  public RatioEstimate estimate(
      double[] values, double[] weights, List<String> documents, double level, long seed) {
    return of(Clusters.of(values, weights, documents), level, seed);
  }

  RatioEstimate of(Clusters clusters, double level, long seed) {
    RatioEstimate free = Ratios.estimate(clusters, level, seed);
    return new RatioEstimate(
        free.ratio(),
        free.standardError(),
        within(free.interval(), low, high, free.ratio()),
        free.samples(),
        free.documents());
  }

  /**
   * The interval of a difference of two means of this range, cut to what it can be.
   *
   * @param difference its estimate
   */
  public Interval ofDifference(Interval interval, double difference) {
    return within(interval, low - high, high - low, difference);
  }

  /** An estimate that rounding put beyond an end stays within its interval. */
  private static Interval within(Interval interval, double low, double high, double estimate) {
    return interval.method() == Interval.Method.NONE
        ? interval
        : new Interval(
            Math.max(interval.low(), Math.min(low, estimate)),
            Math.min(interval.high(), Math.max(high, estimate)),
            interval.level(),
            interval.method());
  }
}
