package org.ssasuite.core.request;

import java.util.Objects;
import java.util.Optional;

/**
 * How probable a continuation was.
 *
 * @param logLikelihood of the whole continuation, nats
 * @param tokens of the continuation
 * @param greedy whether greedy decoding would have written it
 */
public record ContinuationRating(
    double logLikelihood,
    int tokens,
    boolean greedy,
    ContextFit fit,
    Optional<Observations> observations)
    implements Response {
  public ContinuationRating {
    Objects.requireNonNull(fit);
    Objects.requireNonNull(observations);
  }
}
