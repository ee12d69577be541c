package org.ssasuite.core.request;

import java.util.Objects;
import java.util.function.Function;

/** How probable is each token of this text? */
public record RateDocument(String text, Windows windows, Observe observe)
    implements Request<DocumentRating> {
  public RateDocument {
    Objects.requireNonNull(text);
    Objects.requireNonNull(windows);
    Objects.requireNonNull(observe);
  }

  @Override
  public RateDocument observing(Observation<?> more) {
    return new RateDocument(text, windows, observe.and(more));
  }

  @Override
  public Class<DocumentRating> responseType() {
    return DocumentRating.class;
  }

  @Override
  public <T> T fold(
      Function<Generate, T> generate,
      Function<RateContinuation, T> continuation,
      Function<RateDocument, T> document,
      Function<CompareDocument, T> comparison) {
    return document.apply(this);
  }
}
