package org.ssasuite.core.run;

import java.util.OptionalDouble;
import org.ssasuite.core.statistics.Range;
import org.ssasuite.core.statistics.RatioEstimate;
import org.ssasuite.core.task.Transform;

/** How results made their intervals and standard errors, by the version of their file. */
enum IntervalRule {
  /** Up to version 2: as if any mean could be any number. */
  UNBOUNDED {
    @Override
    Range of(Range range) {
      return Range.LINE;
    }

    @Override
    OptionalDouble standardError(RatioEstimate estimate, Transform transform) {
      return OptionalDouble.empty();
    }
  },
  /** Within what a mean can be, Wilson's where resampling says nothing. */
  WITHIN_RANGE {
    @Override
    Range of(Range range) {
      return range;
    }

    @Override
    OptionalDouble standardError(RatioEstimate estimate, Transform transform) {
      OptionalDouble error = estimate.standardError();
      return error.isPresent()
          ? OptionalDouble.of(transform.error(estimate.ratio(), error.getAsDouble()))
          : error;
    }
  };

  /** The range that counted for a mean of this one. */
  abstract Range of(Range range);

  /** What was stated of a metric's standard error. */
  abstract OptionalDouble standardError(RatioEstimate estimate, Transform transform);
}
