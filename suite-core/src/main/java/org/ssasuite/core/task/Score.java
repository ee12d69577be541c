package org.ssasuite.core.task;

import java.util.function.Function;

/** What a sample's answers are worth, or why that cannot be said. An error is never a zero. */
public sealed interface Score permits Scored, Unscored {
  <T> T fold(Function<Scored, T> scored, Function<Unscored, T> unscored);
}
