package org.ssasuite.core.run;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Transform;

/**
 * One metric of one task, over all samples or one facet.
 *
 * @param value after the metric's transform, as is the interval; not rounded
 * @param samples how many samples contributed
 * @param documents how many documents they stem from
 * @param transform what was applied to the weighted mean; absent in files that do not state it
 * @param standardError of the value, over documents, to first order; absent for a single document,
 *     and in files that do not state it
 */
public record MetricResult(
    String metric,
    Optional<Facet> facet,
    double value,
    Interval interval,
    int samples,
    int documents,
    MetricRule.Better better,
    Optional<Transform> transform,
    OptionalDouble standardError) {
  public MetricResult {
    Objects.requireNonNull(metric);
    Objects.requireNonNull(facet);
    Objects.requireNonNull(interval);
    Objects.requireNonNull(better);
    Objects.requireNonNull(transform);
    Objects.requireNonNull(standardError);
    if (Double.isNaN(value) || documents < 1 || samples < documents) {
      throw new IllegalArgumentException(
          metric + ": " + value + " of " + samples + " samples, " + documents + " documents");
    }
  }

  /** One without a standard error. */
  public MetricResult(
      String metric,
      Optional<Facet> facet,
      double value,
      Interval interval,
      int samples,
      int documents,
      MetricRule.Better better,
      Optional<Transform> transform) {
    this(
        metric,
        facet,
        value,
        interval,
        samples,
        documents,
        better,
        transform,
        OptionalDouble.empty());
  }
}
