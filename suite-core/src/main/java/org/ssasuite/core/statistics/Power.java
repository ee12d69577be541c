package org.ssasuite.core.statistics;

import java.util.OptionalLong;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * What a number of documents can show: the power of tests with Student's t, from the non-central t
 * distribution.
 */
public final class Power {
  /** Nobody evaluates more; a number beyond it would only look like knowledge. */
  public static final long MOST_DOCUMENTS = 10_000_000;

  /** From here on the deviation is known well enough for a normal distribution. */
  private static final long MANY = 100_000;

  private static final int STEPS = 2_000;
  private static final int HALVINGS = 60;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private Power() {}

  /**
   * The smallest true difference that a two-sided test at alpha finds with this power.
   *
   * @param standardError of the difference
   * @param documents at least 2
   */
  public static double smallestDifference(
      double standardError, int documents, double alpha, double power) {
    return smallestInErrors(documents, alpha, power) * standardError;
  }

  /** The same in standard errors of the difference, for many differences of as many documents. */
  public static double smallestInErrors(int documents, double alpha, double power) {
    double freedom = documents - 1.0;
    double critical = TDistribution.of(freedom).inverseSurvivalProbability(alpha / 2);
    double low = 0;
    // Even one degree of freedom does not lose more than its critical value a few times over.
    double high = 10 + 10 * critical;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      boolean found =
          beyond(critical, freedom, middle) + beyond(critical, freedom, -middle) >= power;
      low = found ? low : middle;
      high = found ? middle : high;
    }
    return high;
  }

  /**
   * How many documents a one-sided test at alpha needs to find a distance with this power.
   *
   * @param deviation standard deviation of the documents' linearised differences
   * @param distance between the true difference and the one that is tested
   * @return at least 2; absent if more than {@link #MOST_DOCUMENTS}
   */
  public static OptionalLong documents(
      double deviation, double distance, double alpha, double power) {
    if (deviation == 0) {
      return distance == 0 ? OptionalLong.empty() : OptionalLong.of(2);
    }
    double effect = Math.abs(distance) / deviation;
    if (oneSided(effect, MOST_DOCUMENTS, alpha) < power) {
      return OptionalLong.empty();
    }
    long low = 1;
    long high = MOST_DOCUMENTS;
    while (high - low > 1) {
      long middle = (low + high) / 2;
      if (oneSided(effect, middle, alpha) >= power) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return OptionalLong.of(high);
  }

  private static double oneSided(double effect, long documents, double alpha) {
    double freedom = documents - 1.0;
    double critical = TDistribution.of(freedom).inverseSurvivalProbability(alpha);
    return beyond(critical, freedom, effect * Math.sqrt((double) documents));
  }

  /**
   * P(T &gt; c) of the non-central t distribution with ν degrees of freedom and non-centrality δ: T
   * = (Z + δ)/S with S² = χ²_ν/ν, so it is ∫ f(s)·Φ(δ − c·s) ds with f(s) = 2·(ν/2)^(ν/2)/Γ(ν/2) ·
   * s^(ν−1)·exp(−ν·s²/2), by Simpson's rule over where f is not negligible. f is scaled by its own
   * integral, which cancels its constant.
   */
  private static double beyond(double c, double freedom, double shift) {
    if (freedom > MANY) {
      return NORMAL.cumulativeProbability(shift - c);
    }
    double spread = 12 / Math.sqrt(2 * freedom);
    double from = Math.max(0, 1 - spread);
    double step = (1 + spread - from) / STEPS;
    double sum = 0;
    double whole = 0;
    for (int i = 0; i <= STEPS; i++) {
      double s = from + i * step;
      double rule = i == 0 || i == STEPS ? 1 : i % 2 == 0 ? 2 : 4;
      double density = density(s, freedom);
      whole += rule * density;
      sum += rule * density * NORMAL.cumulativeProbability(shift - c * s);
    }
    return sum / whole;
  }

  /** Relative to its value at 1, where ν·(ln s − s²/2) is highest but for the last factor 1/s. */
  private static double density(double s, double freedom) {
    if (s == 0) {
      return freedom > 1 ? 0 : Math.exp(freedom / 2);
    }
    return Math.exp((freedom - 1) * Math.log(s) - freedom * (s * s - 1) / 2);
  }
}
