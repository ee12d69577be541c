package org.ssasuite.core.task;

import java.util.List;

/**
 * How a task's scores become results, as data.
 *
 * @param metrics the headline metric first; each measure of a sample names one of them
 */
public record Aggregate(List<MetricRule> metrics) {
  public Aggregate {
    metrics = List.copyOf(metrics);
    if (metrics.isEmpty()) {
      throw new IllegalArgumentException("an aggregate has no metric");
    }
  }

  public MetricRule headline() {
    return metrics.get(0);
  }
}
