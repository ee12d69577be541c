package org.ssasuite.leaderboards.bench;

import java.util.List;

/**
 * How long the same thing took, again and again.
 *
 * @param nanos sorted, shortest first; at least one
 */
record Timings(List<Long> nanos) {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  Timings {
    if (nanos.isEmpty()) {
      throw new IllegalArgumentException("no timing");
    }
    nanos = nanos.stream().sorted().toList();
  }

  /** The upper one of two in the middle. */
  double medianMillis() {
    return nanos.get(nanos.size() / 2) / NANOS_PER_MILLI;
  }

  double shortestMillis() {
    return nanos.get(0) / NANOS_PER_MILLI;
  }

  double longestMillis() {
    return nanos.get(nanos.size() - 1) / NANOS_PER_MILLI;
  }

  /** How many of something that takes the median time go into a second. */
  double perSecond(double count) {
    return count * NANOS_PER_SECOND / nanos.get(nanos.size() / 2);
  }
}
