package org.ssasuite.core.request;

import java.util.Objects;

/** How probable is each token of this text? */
public record RateDocument(String text, Windows windows, Observe observe)
    implements Request<DocumentRating> {
  public RateDocument {
    Objects.requireNonNull(text);
    Objects.requireNonNull(windows);
    Objects.requireNonNull(observe);
  }

  @Override
  public Class<DocumentRating> responseType() {
    return DocumentRating.class;
  }
}
