package org.ssasuite.core.statistics;

import java.util.OptionalLong;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * Bounds of the mean of independent values from 0 to 1: Clopper and Pearson's (1934), exact for
 * values that are 0 or 1. Shares between them spread less than these do at the same mean, so for
 * them the bounds are wider than need be. Unlike percentiles of a bootstrap they do not shut where
 * all values are equal: five right answers of five leave room below.
 */
public final class ProportionBounds {
  private ProportionBounds() {}

  /**
   * Below which the true mean lies with probability alpha at most.
   *
   * @param mean from 0 to 1
   * @param count of values; need not be whole where a mean of means stands for so many of them
   */
  public static double lower(double mean, double count, double alpha) {
    require(mean, count);
    double right = mean * count;
    double wrong = count - right;
    return right <= 0
        ? 0
        : BetaDistribution.of(right, wrong + 1).inverseCumulativeProbability(alpha);
  }

  /** Above which the true mean lies with probability alpha at most; arguments as below. */
  public static double upper(double mean, double count, double alpha) {
    return 1 - lower(1 - mean, count, alpha);
  }

  private static void require(double mean, double count) {
    if (!(mean >= 0 && mean <= 1) || !(count > 0)) {
      throw new IllegalArgumentException("a mean of " + mean + " over " + count + " values");
    }
  }

  /** Whether so many values would tell. */
  public interface Settles {
    boolean at(long count);
  }

  /**
   * The least number of values from which on a question is settled, if it is settled from some
   * number on.
   *
   * @return absent if not even {@link Power#MOST_DOCUMENTS} do
   */
  public static OptionalLong least(Settles settles) {
    long high = 1;
    while (!settles.at(high)) {
      if (high >= Power.MOST_DOCUMENTS) {
        return OptionalLong.empty();
      }
      high = Math.min(2 * high, Power.MOST_DOCUMENTS);
    }
    long low = high / 2;
    while (high - low > 1) {
      long middle = (low + high) / 2;
      if (settles.at(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return OptionalLong.of(high);
  }
}
