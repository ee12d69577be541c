package org.ssasuite.core.request;

import java.util.Objects;
import java.util.Optional;

/** The log-probability of each rated token of a document. */
public record DocumentRating(
    RatedTokens tokens, ContextFit fit, Optional<Observations> observations) implements Response {
  public DocumentRating {
    Objects.requireNonNull(tokens);
    Objects.requireNonNull(fit);
    Objects.requireNonNull(observations);
  }
}
