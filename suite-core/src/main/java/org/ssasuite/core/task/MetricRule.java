package org.ssasuite.core.task;

import java.util.Objects;

/** How the measures of one metric become one number. */
public record MetricRule(String metric, Transform transform, Better better) {
  /** Which direction is the good one. */
  public enum Better {
    HIGHER,
    LOWER
  }

  public MetricRule {
    Objects.requireNonNull(metric);
    Objects.requireNonNull(transform);
    Objects.requireNonNull(better);
  }
}
