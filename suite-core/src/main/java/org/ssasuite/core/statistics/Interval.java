package org.ssasuite.core.statistics;

import java.util.Objects;

/**
 * A confidence interval.
 *
 * @param level as 0.95
 */
public record Interval(double low, double high, double level, Method method) {
  /** How the interval was made. */
  public enum Method {
    /** Percentiles of the bootstrap over documents. */
    BOOTSTRAP,
    /** Student's t on the linearised ratio: fewer than twenty documents, so take it with care. */
    STUDENT_T,
    /** Wilson's of a share, a document counting as one trial. */
    WILSON,
    /** Of an average, from the intervals of what it averages. */
    COMBINED,
    /** One document: nothing can be said, and the interval is the whole line. */
    NONE
  }

  public Interval {
    Objects.requireNonNull(method);
    if (!(low <= high) || !(level > 0 && level < 1)) {
      throw new IllegalArgumentException("[" + low + ", " + high + "] at " + level);
    }
  }

  /** Whether a value lies between the ends, or on one. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
