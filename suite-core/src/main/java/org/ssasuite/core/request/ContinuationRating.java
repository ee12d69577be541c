package org.ssasuite.core.request;

import java.util.Objects;
import java.util.Optional;

/**
 * How probable a continuation was.
 *
 * @param logLikelihood of the whole continuation, nats
 * @param tokens of the continuation
 * @param greedy whether greedy decoding would have written it
 * @param boundaryMoved whether the tokens of the context alone are no prefix of those of context
 *     and continuation, so that a token lies across their boundary and what was rated is not quite
 *     the continuation
 */
public record ContinuationRating(
    double logLikelihood,
    int tokens,
    boolean greedy,
    boolean boundaryMoved,
    ContextFit fit,
    Optional<Observations> observations)
    implements Response {
  public ContinuationRating {
    Objects.requireNonNull(fit);
    Objects.requireNonNull(observations);
  }
}
