package org.ssasuite.core.task;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A sample with a score.
 *
 * @param measures what was measured, the headline metric first
 * @param extracted the answer as the scorer understood it, where there is one
 */
public record Scored(List<Measure> measures, Optional<String> extracted) implements Score {
  public Scored {
    measures = List.copyOf(measures);
    Objects.requireNonNull(extracted);
    if (measures.isEmpty()) {
      throw new IllegalArgumentException("a scored sample has no measure");
    }
  }

  @Override
  public <T> T fold(Function<Scored, T> scored, Function<Unscored, T> unscored) {
    return scored.apply(this);
  }
}
