package org.ssasuite.core.report;

import java.util.Objects;
import java.util.Optional;

/**
 * What is drawn along one side, or as a colour.
 *
 * @param limits between which all values lie; absent: those of the data
 * @param logarithmic whether equal ratios are equally far apart
 */
public record Axis(String title, Unit unit, Optional<Limits> limits, boolean logarithmic) {
  /** The least and the largest value. */
  public record Limits(double low, double high) {
    public Limits {
      if (!(low < high)) {
        throw new IllegalArgumentException("from " + low + " to " + high);
      }
    }
  }

  public Axis {
    Objects.requireNonNull(title);
    Objects.requireNonNull(unit);
    Objects.requireNonNull(limits);
  }

  /** One with the limits of its data. */
  public static Axis of(String title, Unit unit) {
    return new Axis(title, unit, Optional.empty(), false);
  }

  /** One for lengths, each of which is a multiple of the one before. */
  public static Axis doubling(String title, Unit unit) {
    return new Axis(title, unit, Optional.empty(), true);
  }

  /** From 0 to 100. */
  public static Axis percent(String title) {
    return new Axis(title, Unit.PERCENT, Optional.of(new Limits(0, 100)), false);
  }
}
