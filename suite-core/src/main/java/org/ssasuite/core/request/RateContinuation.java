package org.ssasuite.core.request;

import java.util.Objects;
import java.util.function.Function;

/**
 * How probable is this continuation of that context?
 *
 * @param truncation what is read of a context that is too long; no special token is added
 * @param bos the token is put before what is left of the context
 */
public record RateContinuation(
    String context, String continuation, Observe observe, Truncation truncation, Bos bos)
    implements Request<ContinuationRating> {
  public RateContinuation {
    Objects.requireNonNull(context);
    Objects.requireNonNull(observe);
    Objects.requireNonNull(truncation);
    Objects.requireNonNull(bos);
    if (truncation instanceof Truncation.InChat) {
      throw new IllegalArgumentException("a continuation of a context that is cut before a chat");
    }
    if (continuation.isEmpty()) {
      throw new IllegalArgumentException("a continuation is empty");
    }
  }

  /** Without the token that begins texts, but where the context is empty. */
  public RateContinuation(
      String context, String continuation, Observe observe, Truncation truncation) {
    this(context, continuation, observe, truncation, Bos.AUTO);
  }

  /** Of the whole context. */
  public RateContinuation(String context, String continuation, Observe observe) {
    this(context, continuation, observe, new Truncation.Whole());
  }

  @Override
  public RateContinuation observing(Observation<?> more) {
    return new RateContinuation(context, continuation, observe.and(more), truncation, bos);
  }

  @Override
  public RateContinuation beginning(Bos said) {
    return new RateContinuation(context, continuation, observe, truncation, said);
  }

  @Override
  public Class<ContinuationRating> responseType() {
    return ContinuationRating.class;
  }

  @Override
  public <T> T fold(
      Function<Generate, T> generate,
      Function<RateContinuation, T> continuation,
      Function<RateDocument, T> document,
      Function<CompareDocument, T> comparison) {
    return continuation.apply(this);
  }
}
