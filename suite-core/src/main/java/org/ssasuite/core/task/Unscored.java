package org.ssasuite.core.task;

import java.util.Objects;
import java.util.function.Function;

/** No score, and why. */
public record Unscored(String reason) implements Score {
  public Unscored {
    Objects.requireNonNull(reason);
  }

  @Override
  public <T> T fold(Function<Scored, T> scored, Function<Unscored, T> unscored) {
    return unscored.apply(this);
  }
}
