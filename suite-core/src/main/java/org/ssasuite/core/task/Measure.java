package org.ssasuite.core.task;

import java.util.Objects;
import java.util.Optional;

/**
 * A sample's contribution to one metric: the metric is Σ value·weight / Σ weight over samples,
 * before the metric's transform. An accuracy has weight 1; a loss per word has the nats per word as
 * its value and the words as its weight.
 *
 * @param metric a metric that the task's {@link Aggregate} lists
 * @param facet the slice that this measure belongs to; absent: the whole sample
 */
public record Measure(String metric, Optional<Facet> facet, double value, double weight) {
  public Measure {
    Objects.requireNonNull(metric);
    Objects.requireNonNull(facet);
    if (!Double.isFinite(value) || !Double.isFinite(weight) || weight < 0) {
      throw new IllegalArgumentException(metric + ": value " + value + ", weight " + weight);
    }
  }

  public static Measure of(String metric, double value, double weight) {
    return new Measure(metric, Optional.empty(), value, weight);
  }

  public Measure in(Facet slice) {
    return new Measure(metric, Optional.of(slice), value, weight);
  }
}
