package org.ssasuite.runtime.oracle;

/** exp(x_i) / Σ exp(x_j), in fp64. */
final class Softmax {
  private Softmax() {}

  /** Of an array without elements: one without elements. */
  static double[] of(double[] x) {
    double shift = max(x);
    double sum = 0;
    double[] p = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      p[i] = Math.exp(x[i] - shift);
      sum += p[i];
    }
    for (int i = 0; i < x.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  /** ln Σ exp(x_i). */
  static double logSumExp(double[] x) {
    double shift = max(x);
    double sum = 0;
    for (double value : x) {
      sum += Math.exp(value - shift);
    }
    return shift + Math.log(sum);
  }

  private static double max(double[] x) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      max = Math.max(max, value); // NaN if one of them is
    }
    return max;
  }
}
