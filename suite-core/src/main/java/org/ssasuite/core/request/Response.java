package org.ssasuite.core.request;

import java.util.Optional;

/** A language model's answer to one {@link Request}. */
public sealed interface Response
    permits Generation, ContinuationRating, DocumentComparison, DocumentRating {
  /** What was cut so that the request fitted the model. */
  ContextFit fit();

  /** What was observed about attention; absent if nothing was asked for. */
  Optional<Observations> observations();

  /**
   * Why this is no answer: a sample with such a response has no score, whatever its task would make
   * of the rest.
   */
  default Optional<String> failure() {
    return Optional.empty();
  }
}
