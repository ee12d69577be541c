package org.ssasuite.core.request;

import java.util.Objects;
import java.util.function.Function;

/** How probable is this continuation of that context? */
public record RateContinuation(String context, String continuation, Observe observe)
    implements Request<ContinuationRating> {
  public RateContinuation {
    Objects.requireNonNull(context);
    Objects.requireNonNull(observe);
    if (continuation.isEmpty()) {
      throw new IllegalArgumentException("a continuation is empty");
    }
  }

  @Override
  public Class<ContinuationRating> responseType() {
    return ContinuationRating.class;
  }

  @Override
  public <T> T fold(
      Function<Generate, T> generate,
      Function<RateContinuation, T> continuation,
      Function<RateDocument, T> document) {
    return continuation.apply(this);
  }
}
