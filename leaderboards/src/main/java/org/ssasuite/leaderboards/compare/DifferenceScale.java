package org.ssasuite.leaderboards.compare;

import org.ssasuite.core.task.Transform;
import org.ssasuite.leaderboards.report.Rounding;

/**
 * In which unit a difference of weighted means is told: that of the metric after its transform.
 * Perplexities are told apart in percent of the first one, accuracies in percentage points.
 */
public enum DifferenceScale {
  PERCENT_OF_A(" %", 100),
  POINTS(" points", 100),
  BITS(" bits", 1 / Math.log(2)),
  PLAIN("", 1);

  private final String unit;
  private final double factor;

  DifferenceScale(String unit, double factor) {
    this.unit = unit;
    this.factor = factor;
  }

  public static DifferenceScale of(Transform transform) {
    return switch (transform) {
      case EXP -> PERCENT_OF_A;
      case PERCENT -> POINTS;
      case BITS -> BITS;
      case IDENTITY -> PLAIN;
    };
  }

  /** A difference of means in this unit; increasing, 0 at 0. */
  public double apply(double difference) {
    return factor * (this == PERCENT_OF_A ? Math.expm1(difference) : difference);
  }

  /** With its sign, rounded, as {@code +1.23 %}. */
  public String text(double difference) {
    double scaled = apply(difference);
    String digits = Rounding.of(Math.abs(scaled), decimals(scaled));
    return (scaled < 0 ? "−" : "+") + digits + unit;
  }

  /** A size, without a sign. */
  public String size(double difference) {
    double scaled = Math.abs(apply(difference));
    return Rounding.of(scaled, decimals(scaled)) + unit;
  }

  /** A difference has no digits before the point that would need so many behind it. */
  private static int decimals(double scaled) {
    return Math.min(4, Math.max(1, Rounding.decimals(scaled) - 1));
  }

  public String unit() {
    return unit.strip();
  }
}
