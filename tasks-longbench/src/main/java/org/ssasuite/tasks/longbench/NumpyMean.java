package org.ssasuite.tasks.longbench;

/**
 * The mean and the rounding of numpy, whose last digits differ from those of a plain loop and of
 * Python's own {@code round}.
 *
 * <p>Reference: numpy 2.4, {@code numpy/_core/src/umath/loops_utils.h.src}, {@code
 * DOUBLE_pairwise_sum}, and {@code numpy.round}.
 */
final class NumpyMean {
  private static final int LANES = 8;
  private static final int BLOCK = 128;

  private NumpyMean() {}

  /** {@code numpy.mean(values)} of at least one value. */
  static double mean(double[] values) {
    return sum(values, 0, values.length) / values.length;
  }

  /** {@code round(numpy.float64(value), 2)}. */
  static double roundToHundredths(double value) {
    return Math.rint(value * 100) / 100;
  }

  /** Up to 128 values in eight sums, more in two halves. */
  private static double sum(double[] values, int from, int n) {
    if (n < LANES) {
      // numpy starts from −0.0, which keeps the sign of a sum of negative zeros.
      double sum = -0.0;
      for (int i = 0; i < n; i++) {
        sum += values[from + i];
      }
      return sum;
    }
    if (n <= BLOCK) {
      return blockSum(values, from, n);
    }
    int half = n / 2;
    half -= half % LANES;
    return sum(values, from, half) + sum(values, from + half, n - half);
  }

  private static double blockSum(double[] values, int from, int n) {
    double[] lanes = new double[LANES];
    System.arraycopy(values, from, lanes, 0, LANES);
    int i = LANES;
    for (; i < n - n % LANES; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        lanes[lane] += values[from + i + lane];
      }
    }
    double sum =
        ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
            + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    for (; i < n; i++) {
      sum += values[from + i];
    }
    return sum;
  }
}
