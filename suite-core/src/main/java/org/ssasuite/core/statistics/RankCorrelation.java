package org.ssasuite.core.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Spearman's rank correlation of pairs of values: Pearson's of their ranks, equal values having the
 * mean of the ranks that they take together.
 *
 * @param rho from −1 to 1
 * @param interval over the pairs: percentiles of the bootstrap (10,000 replicates, ranks taken anew
 *     in each; those in which all values of a side are equal say nothing and are left out) from 20
 *     pairs on; with 4 to 19 tanh(artanh ρ ± t·√((1 + ρ²/2)/(n − 3))), t Student's with n − 2
 *     degrees of freedom (Bonett and Wright 2000, with t for their normal quantile); −1 to 1 with
 *     fewer
 */
public record RankCorrelation(double rho, Interval interval, int pairs) {
  /** As in {@link Ratios}. */
  private static final int BOOTSTRAP_PAIRS = 20;

  private static final int LEAST_PAIRS = 4;
  private static final int REPLICATES = 10_000;

  /**
   * Estimates it.
   *
   * @param level of the interval, as 0.95
   * @param seed of the bootstrap
   * @return absent with fewer than 2 pairs, and where all values of a side are equal
   * @throws IllegalArgumentException if lengths differ
   */
  public static Optional<RankCorrelation> of(double[] x, double[] y, double level, long seed) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " values and " + y.length);
    }
    double rho = rho(x, y);
    return Double.isNaN(rho)
        ? Optional.empty()
        : Optional.of(new RankCorrelation(rho, interval(x, y, rho, level, seed), x.length));
  }

  private static Interval interval(double[] x, double[] y, double rho, double level, long seed) {
    int n = x.length;
    if (n < LEAST_PAIRS) {
      return new Interval(-1, 1, level, Interval.Method.NONE);
    }
    if (n < BOOTSTRAP_PAIRS) {
      double half =
          TDistribution.of(n - 2).inverseSurvivalProbability((1 - level) / 2)
              * Math.sqrt((1 + rho * rho / 2) / (n - 3));
      double z = artanh(rho, n);
      return new Interval(
          rho == -1 ? -1 : Math.tanh(z - half),
          rho == 1 ? 1 : Math.tanh(z + half),
          level,
          Interval.Method.STUDENT_T);
    }
    return bootstrap(x, y, level, seed);
  }

  /**
   * Of 1 it is infinite, and the interval would shut: instead of the next lower value that n pairs
   * can have, which is that of two neighbours in the wrong order.
   */
  private static double artanh(double rho, int n) {
    double most = 1 - 12 / ((double) n * n * n - n);
    double shown = Math.max(-most, Math.min(most, rho));
    return Math.log((1 + shown) / (1 - shown)) / 2;
  }

  private static Interval bootstrap(double[] x, double[] y, double level, long seed) {
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
    int n = x.length;
    double[] drawnX = new double[n];
    double[] drawnY = new double[n];
    double[] replicates = new double[REPLICATES];
    int said = 0;
    for (int r = 0; r < REPLICATES; r++) {
      for (int i = 0; i < n; i++) {
        int at = random.nextInt(n);
        drawnX[i] = x[at];
        drawnY[i] = y[at];
      }
      double rho = rho(drawnX, drawnY);
      if (!Double.isNaN(rho)) {
        replicates[said++] = rho;
      }
    }
    if (said == 0) {
      return new Interval(-1, 1, level, Interval.Method.NONE);
    }
    double[] ascending = Arrays.copyOf(replicates, said);
    Arrays.sort(ascending);
    double tail = (1 - level) / 2;
    return new Interval(
        Ratios.quantile(ascending, tail),
        Ratios.quantile(ascending, 1 - tail),
        level,
        Interval.Method.BOOTSTRAP);
  }

  /** NaN where there is none. */
  private static double rho(double[] x, double[] y) {
    double[] ranksX = ranks(x);
    double[] ranksY = ranks(y);
    double middle = (x.length + 1) / 2.0;
    double together = 0;
    double ofX = 0;
    double ofY = 0;
    for (int i = 0; i < x.length; i++) {
      double fromX = ranksX[i] - middle;
      double fromY = ranksY[i] - middle;
      together += fromX * fromY;
      ofX += fromX * fromX;
      ofY += fromY * fromY;
    }
    double scale = Math.sqrt(ofX * ofY);
    // Two sums of the same numbers in another order may differ by a rounding.
    return scale == 0 ? Double.NaN : Math.max(-1, Math.min(1, together / scale));
  }

  /** From 1; equal values have the mean of theirs. */
  static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int to = from + 1;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + 1 + to) / 2.0;
      }
      from = to;
    }
    return ranks;
  }
}
