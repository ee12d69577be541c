package org.ssasuite.core.statistics;

import java.util.Objects;

/**
 * Σ value·weight / Σ weight over samples, with an interval over documents.
 *
 * @param samples how many samples contributed
 * @param documents how many documents they stem from
 * @param standardError of the ratio, linearised, over documents; 0 for a single document
 */
public record RatioEstimate(
    double ratio, double standardError, Interval interval, int samples, int documents) {
  public RatioEstimate {
    Objects.requireNonNull(interval);
  }
}
