package org.ssasuite.core.request;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Continue this prompt greedily, up to a limit or a stop string.
 *
 * @param maxTokens the most tokens that are written
 * @param truncation what is read of a prompt that is too long
 * @param ends which tokens end it
 */
public record Generate(
    String prompt,
    int maxTokens,
    List<String> stops,
    Observe observe,
    Truncation truncation,
    EndTokens ends)
    implements Request<Generation> {
  public Generate {
    Objects.requireNonNull(prompt);
    Objects.requireNonNull(observe);
    Objects.requireNonNull(truncation);
    Objects.requireNonNull(ends);
    stops = List.copyOf(stops);
    if (maxTokens < 1) {
      throw new IllegalArgumentException("at least 1 token must be asked for, not " + maxTokens);
    }
  }

  /** The whole prompt, until the model ends it. */
  public Generate(String prompt, int maxTokens, List<String> stops, Observe observe) {
    this(prompt, maxTokens, stops, observe, new Truncation.Whole(), EndTokens.ofModel());
  }

  @Override
  public Generate observing(Observation<?> more) {
    return new Generate(prompt, maxTokens, stops, observe.and(more), truncation, ends);
  }

  @Override
  public Class<Generation> responseType() {
    return Generation.class;
  }

  @Override
  public <T> T fold(
      Function<Generate, T> generate,
      Function<RateContinuation, T> continuation,
      Function<RateDocument, T> document) {
    return generate.apply(this);
  }
}
