package org.ssasuite.core.statistics;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Σ value·weight / Σ weight over samples, with an interval over documents.
 *
 * @param standardError of the ratio, linearised, over documents; absent for a single document
 * @param samples how many samples contributed
 * @param documents how many documents they stem from
 */
public record RatioEstimate(
    double ratio, OptionalDouble standardError, Interval interval, int samples, int documents) {
  public RatioEstimate {
    Objects.requireNonNull(standardError);
    Objects.requireNonNull(interval);
    if (documents < 1 || samples < documents) {
      throw new IllegalArgumentException(samples + " samples of " + documents + " documents");
    }
  }
}
