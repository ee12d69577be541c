package org.ssasuite.core.run;

import java.util.Objects;
import java.util.Optional;
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
 */
public record MetricResult(
    String metric,
    Optional<Facet> facet,
    double value,
    Interval interval,
    int samples,
    int documents,
    MetricRule.Better better,
    Optional<Transform> transform) {
  public MetricResult {
    Objects.requireNonNull(metric);
    Objects.requireNonNull(facet);
    Objects.requireNonNull(interval);
    Objects.requireNonNull(better);
    Objects.requireNonNull(transform);
    if (Double.isNaN(value) || documents < 1 || samples < documents) {
      throw new IllegalArgumentException(
          metric + ": " + value + " of " + samples + " samples, " + documents + " documents");
    }
  }
}
