package org.ssasuite.core.described;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.Truncation;

/**
 * What is read of a prompt that is too long.
 *
 * @param tokens the most that are read
 */
record Cut(Side cut, int tokens) {
  /** Where it is cut. */
  enum Side {
    LEFT(1) {
      @Override
      Truncation at(int tokens) {
        return new Truncation.Left(tokens);
      }
    },
    MIDDLE(2) {
      @Override
      Truncation at(int tokens) {
        return new Truncation.Middle(tokens);
      }
    },
    MIDDLE_TOGETHER(2) {
      @Override
      Truncation at(int tokens) {
        return new Truncation.MiddleTogether(tokens);
      }
    };

    private final int least;

    Side(int least) {
      this.least = least;
    }

    abstract Truncation at(int tokens);
  }

  Cut {
    Objects.requireNonNull(cut);
    if (tokens < cut.least) {
      throw new IllegalArgumentException(
          "tokens is " + tokens + "; " + cut.least + " or more is needed");
    }
  }

  int least() {
    return cut.least;
  }

  /** At an order's limit; of the whole text where nothing is cut. */
  static Truncation truncation(Optional<Cut> cut, OptionalInt limit) {
    return cut.map(rule -> rule.cut.at(limit.orElseThrow())).orElse(new Truncation.Whole());
  }

  /** The same in words, as {@code middle-3500}. */
  static String text(Optional<Cut> cut, OptionalInt limit) {
    return cut.map(
            rule -> PythonText.lower(rule.cut.name()).replace('_', '-') + "-" + limit.orElseThrow())
        .orElse("whole");
  }
}
