package org.ssasuite.core.request;

import java.util.Objects;
import java.util.Optional;

/** How far a model's predictions for a document are from those of a reference. */
public record DocumentComparison(
    ComparedTokens tokens, ContextFit fit, Optional<Observations> observations)
    implements Response {
  public DocumentComparison {
    Objects.requireNonNull(tokens);
    Objects.requireNonNull(fit);
    Objects.requireNonNull(observations);
  }
}
