package org.ssasuite.core.statistics;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The mean of independent values.
 *
 * @param standardError sample standard deviation (n − 1) / √n; absent for a single value
 * @param count how many values
 */
public record MeanEstimate(double mean, OptionalDouble standardError, int count) {
  public MeanEstimate {
    Objects.requireNonNull(standardError);
    if (count < 1) {
      throw new IllegalArgumentException("a mean of " + count + " values");
    }
  }

  /**
   * Estimates from the values themselves, at least one; summed in their order.
   *
   * @throws IllegalArgumentException if there is no value
   */
  public static MeanEstimate of(double[] values) {
    int count = values.length;
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / count;
    if (count < 2) {
      return new MeanEstimate(mean, OptionalDouble.empty(), count);
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double error = Math.sqrt(squares / (count - 1) / count);
    return new MeanEstimate(mean, OptionalDouble.of(error), count);
  }
}
