package org.ssasuite.core.task;

import java.util.Objects;
import java.util.Set;
import org.ssasuite.core.statistics.Range;

/** How the measures of one metric become one number. */
public record MetricRule(String metric, Transform transform, Better better) {
  /** Which direction is the good one. */
  public enum Better {
    HIGHER,
    LOWER
  }

  /** Losses that are told as they are, or in bits; what is told so else may be a difference. */
  private static final Set<String> LOSSES =
      Set.of("token_nats", "bits_per_byte", "gold_nats_per_byte");

  public MetricRule {
    Objects.requireNonNull(metric);
    Objects.requireNonNull(transform);
    Objects.requireNonNull(better);
  }

  /** Where the mean can lie before it is transformed. */
  public Range range() {
    return LOSSES.contains(metric) ? Range.NOT_NEGATIVE : transform.range();
  }
}
