package org.ssasuite.core.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Wilson's score interval of a share (Wilson 1927): all p with |s − p| ≤ z·√(p(1 − p)/n). It lies
 * within 0 and 1, and has a width where all or none are right.
 *
 * <pre>
 * (s + z²/2n ± z·√(s(1 − s)/n + z²/4n²)) / (1 + z²/n)
 * </pre>
 */
final class Wilson {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private Wilson() {}

  /**
   * The interval.
   *
   * @param share from 0 to 1
   * @param count of independent trials; above 0, and not whole where they weigh differently
   * @param level as 0.95
   * @throws IllegalArgumentException for a share or a count that is none
   */
  static Interval interval(double share, double count, double level) {
    if (!(share >= 0 && share <= 1 && count > 0)) {
      throw new IllegalArgumentException("a share of " + share + " among " + count);
    }
    double z = NORMAL.inverseSurvivalProbability((1 - level) / 2);
    double square = z * z / count;
    double half = z * Math.sqrt(share * (1 - share) / count + square / (4 * count));
    double low = (share + square / 2 - half) / (1 + square);
    double high = (share + square / 2 + half) / (1 + square);
    // At the ends rounding would leave a distance of a last digit.
    return new Interval(
        share == 0 ? 0 : Math.min(low, share),
        share == 1 ? 1 : Math.max(high, share),
        level,
        Interval.Method.WILSON);
  }
}
