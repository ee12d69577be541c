package org.ssasuite.core.run.unit;

/**
 * Samples of a task that are answered together, by their numbers in its order.
 *
 * @param from the first, from 0
 * @param to behind the last
 */
public record SampleRange(int from, int to) {
  public SampleRange {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("samples " + from + " to " + to);
    }
  }

  public int size() {
    return to - from;
  }
}
