package org.ssasuite.core.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Ratios of sums over samples that come in documents. Samples of one document are not independent,
 * so every interval is over documents. Sums are fp64 in the order of the samples; a result depends
 * on its arguments alone.
 */
public final class Ratios {
  /** From this many documents on the interval is bootstrapped. */
  private static final int BOOTSTRAP_DOCUMENTS = 20;

  private static final int REPLICATES = 10_000;

  private Ratios() {}

  /**
   * The same without an interval, which is what takes the time.
   *
   * @param samples those with a weight
   * @param documents that they stem from
   */
  public record Point(double ratio, int samples, int documents) {}

  /**
   * Σ value·weight / Σ weight alone.
   *
   * @throws IllegalArgumentException as {@link #estimate}
   */
  public static Point point(double[] values, double[] weights, List<String> documents) {
    Clusters clusters = Clusters.of(values, weights, documents);
    return new Point(clusters.ratio(), clusters.samples(), clusters.count());
  }

  /**
   * Estimates Σ value·weight / Σ weight. Samples of weight 0 contribute nothing and are not
   * counted.
   *
   * <p>With 20 documents or more the interval is the percentile bootstrap over documents (10,000
   * replicates); with 2 to 19 it is Student's t on the linearised ratio, n − 1 degrees of freedom;
   * with one it is the whole line.
   *
   * @param weights not negative, one per value; at least one is positive
   * @param documents the document of each value
   * @param level as 0.95
   * @param seed of the bootstrap
   * @throws IllegalArgumentException if lengths differ, a number is not finite, or no weight is
   *     positive
   */
  public static RatioEstimate estimate(
      double[] values, double[] weights, List<String> documents, double level, long seed) {
    return estimate(Clusters.of(values, weights, documents), level, seed);
  }

  static RatioEstimate estimate(Clusters clusters, double level, long seed) {
    double ratio = clusters.ratio();
    if (clusters.count() == 1) {
      Interval line =
          new Interval(
              Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, level, Interval.Method.NONE);
      return new RatioEstimate(ratio, OptionalDouble.empty(), line, clusters.samples(), 1);
    }
    double error = clusters.standardError(ratio);
    Interval interval =
        clusters.count() < BOOTSTRAP_DOCUMENTS
            ? studentT(ratio, error, clusters.count(), level)
            : bootstrap(clusters, level, seed);
    return new RatioEstimate(
        ratio, OptionalDouble.of(error), interval, clusters.samples(), clusters.count());
  }

  private static Interval studentT(double ratio, double error, int documents, double level) {
    double half =
        error * TDistribution.of(documents - 1).inverseSurvivalProbability((1 - level) / 2);
    return new Interval(ratio - half, ratio + half, level, Interval.Method.STUDENT_T);
  }

  private static Interval bootstrap(Clusters clusters, double level, long seed) {
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
    double[] pairs = clusters.pairs();
    int count = clusters.count();
    double[] replicates = new double[REPLICATES];
    for (int r = 0; r < REPLICATES; r++) {
      double weighted = 0;
      double weight = 0;
      for (int d = 0; d < count; d++) {
        int at = 2 * random.nextInt(count);
        weighted += pairs[at];
        weight += pairs[at + 1];
      }
      replicates[r] = weighted / weight;
    }
    Arrays.sort(replicates);
    double tail = (1 - level) / 2;
    return new Interval(
        quantile(replicates, tail),
        quantile(replicates, 1 - tail),
        level,
        Interval.Method.BOOTSTRAP);
  }

  /**
   * The quantile of ascending numbers, interpolated linearly between the two beside it: the ends of
   * the range are quantiles 0 and 1, as in numpy's default method.
   */
  public static double quantile(double[] ascending, double probability) {
    double position = (ascending.length - 1) * probability;
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, ascending.length - 1);
    double step = position - below;
    double gap = ascending[above] - ascending[below];
    // Interpolating from the nearer neighbour keeps the result within both, whatever the rounding.
    return step < 0.5 ? ascending[below] + gap * step : ascending[above] - gap * (1 - step);
  }
}
