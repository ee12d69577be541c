package org.ssasuite.core.statistics;

import java.util.Arrays;
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
    Pairs pairs = new Pairs(x, y);
    double rho = pairs.rho(IntStream.range(0, x.length).toArray());
    return Double.isNaN(rho)
        ? Optional.empty()
        : Optional.of(new RankCorrelation(rho, interval(pairs, rho, level, seed), x.length));
  }

  private static Interval interval(Pairs pairs, double rho, double level, long seed) {
    int n = pairs.count();
    if (n < LEAST_PAIRS) {
      return new Interval(-1, 1, level, Interval.Method.NONE);
    }
    if (n >= BOOTSTRAP_PAIRS) {
      return bootstrap(pairs, level, seed);
    }
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

  /**
   * Of 1 it is infinite, and the interval would shut: instead of the next lower value that n pairs
   * can have, which is that of two neighbours in the wrong order.
   */
  private static double artanh(double rho, int n) {
    double next = 1 - 12 / ((double) n * n * n - n);
    double shown = Math.abs(rho) == 1 ? rho * next : rho;
    return Math.log((1 + shown) / (1 - shown)) / 2;
  }

  private static Interval bootstrap(Pairs pairs, double level, long seed) {
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
    int[] drawn = new int[pairs.count()];
    double[] replicates = new double[REPLICATES];
    int said = 0;
    for (int r = 0; r < REPLICATES; r++) {
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = random.nextInt(drawn.length);
      }
      double rho = pairs.rho(drawn);
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

  /** Ranks from 1, in the values' order; equal values have the mean of theirs. */
  static double[] ranks(double[] values) {
    Side side = new Side(values);
    int[] all = IntStream.range(0, values.length).toArray();
    side.rank(all);
    return Arrays.stream(all).mapToDouble(side::rank).toArray();
  }

  /** Both sides of the pairs. Mutable: what was drawn last. */
  private static final class Pairs {
    private final Side x;
    private final Side y;

    Pairs(double[] x, double[] y) {
      this.x = new Side(x);
      this.y = new Side(y);
    }

    int count() {
      return x.places.length;
    }

    /** Of the pairs that were drawn; NaN where there is none. */
    double rho(int[] drawn) {
      x.rank(drawn);
      y.rank(drawn);
      double middle = (drawn.length + 1) / 2.0;
      double together = 0;
      double ofX = 0;
      double ofY = 0;
      for (int pair : drawn) {
        double fromX = x.rank(pair) - middle;
        double fromY = y.rank(pair) - middle;
        together += fromX * fromY;
        ofX += fromX * fromX;
        ofY += fromY * fromY;
      }
      double scale = Math.sqrt(ofX * ofY);
      // Rounding must not lead beyond what a correlation can be.
      return scale == 0 ? Double.NaN : Math.max(-1, Math.min(1, together / scale));
    }
  }

  /**
   * One side: values are sorted once, and what is drawn of them is ranked by counting. Mutable: the
   * ranks of what was drawn last.
   */
  private static final class Side {
    /** [values] how many different values are below it. */
    private final int[] places;

    private final int[] counts;
    private final double[] rankAt;

    Side(double[] values) {
      // 0 and −0 are equal, and would be told apart: −0 + 0 is 0.
      double[] plain = Arrays.stream(values).map(value -> value + 0.0).toArray();
      double[] different = Arrays.stream(plain).sorted().distinct().toArray();
      this.places =
          Arrays.stream(plain).mapToInt(value -> Arrays.binarySearch(different, value)).toArray();
      this.counts = new int[different.length];
      this.rankAt = new double[different.length];
    }

    void rank(int[] drawn) {
      Arrays.fill(counts, 0);
      for (int pair : drawn) {
        counts[places[pair]]++;
      }
      int below = 0;
      for (int place = 0; place < counts.length; place++) {
        rankAt[place] = below + (counts[place] + 1) / 2.0;
        below += counts[place];
      }
    }

    double rank(int pair) {
      return rankAt[places[pair]];
    }
  }
}
