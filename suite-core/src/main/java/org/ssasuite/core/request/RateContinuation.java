package org.ssasuite.core.request;

import java.util.Objects;

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
}
