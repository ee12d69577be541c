package org.ssasuite.core.statistics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sums of values and weights per document, in order of first appearance. */
final class Clusters {
  private static final double ROUNDING = 1e-12;

  /**
   * [count, 2]: Σ value·weight and Σ weight, side by side because the bootstrap reads both at
   * random places.
   */
  private final double[] pairs;

  private final int count;
  private final int samples;

  private Clusters(double[] pairs, int count, int samples) {
    this.pairs = pairs;
    this.count = count;
    this.samples = samples;
  }

  static Clusters of(double[] values, double[] weights, List<String> documents) {
    if (values.length != weights.length || values.length != documents.size()) {
      throw new IllegalArgumentException(
          values.length
              + " values, "
              + weights.length
              + " weights, "
              + documents.size()
              + " documents");
    }
    Map<String, Integer> index = new LinkedHashMap<>();
    double[] pairs = new double[2 * values.length];
    int samples = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i]) || !Double.isFinite(weights[i]) || weights[i] < 0) {
        throw new IllegalArgumentException(
            documents.get(i) + ": value " + values[i] + ", weight " + weights[i]);
      }
      if (weights[i] == 0) {
        continue;
      }
      int next = index.size();
      int at = 2 * index.computeIfAbsent(documents.get(i), document -> next);
      pairs[at] += values[i] * weights[i];
      pairs[at + 1] += weights[i];
      samples++;
    }
    if (samples == 0) {
      throw new IllegalArgumentException("no sample has a positive weight");
    }
    return new Clusters(Arrays.copyOf(pairs, 2 * index.size()), index.size(), samples);
  }

  /** The sums themselves, for reading. */
  double[] pairs() {
    return pairs;
  }

  /** How many documents. */
  int count() {
    return count;
  }

  /** How many samples have a weight. */
  int samples() {
    return samples;
  }

  double ratio() {
    double weighted = 0;
    for (int d = 0; d < count; d++) {
      weighted += pairs[2 * d];
    }
    return weighted / weight();
  }

  private double weight() {
    double weight = 0;
    for (int d = 0; d < count; d++) {
      weight += pairs[2 * d + 1];
    }
    return weight;
  }

  /** √(n/(n − 1) · Σ (y − R·x)²) / Σ x over n documents, y = Σ value·weight, x = Σ weight. */
  double standardError(double ratio) {
    double squares = 0;
    for (int d = 0; d < count; d++) {
      double residual = pairs[2 * d] - ratio * pairs[2 * d + 1];
      squares += residual * residual;
    }
    return Math.sqrt(squares * count / (count - 1)) / weight();
  }

  /** Whether every document's own ratio is 0 or 1. */
  boolean allOrNothing() {
    for (int d = 0; d < count; d++) {
      if (pairs[2 * d] != 0 && pairs[2 * d] != pairs[2 * d + 1]) {
        return false;
      }
    }
    return true;
  }

  /** Whether every document's own ratio is 0 or 1, and all weigh the same. */
  boolean countsAlike() {
    for (int d = 1; d < count; d++) {
      if (pairs[2 * d + 1] != pairs[1]) {
        return false;
      }
    }
    return allOrNothing();
  }

  /** Whether every document has the same ratio, up to rounding. */
  boolean agree() {
    double ratio = ratio();
    for (int d = 0; d < count; d++) {
      if (Math.abs(pairs[2 * d] / pairs[2 * d + 1] - ratio) > ROUNDING) {
        return false;
      }
    }
    return true;
  }

  /** (Σ x)² / Σ x²: how many documents of equal weight would be as many (Kish 1965). */
  double effectiveCount() {
    double squares = 0;
    for (int d = 0; d < count; d++) {
      squares += pairs[2 * d + 1] * pairs[2 * d + 1];
    }
    return weight() * weight() / squares;
  }
}
