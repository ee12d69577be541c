package org.ssasuite.core.request;

import java.util.function.Function;

/**
 * One question to a language model. Its answer never depends on the requests beside it.
 *
 * @param <R> the kind of answer
 */
public sealed interface Request<R extends Response>
    permits CompareDocument, Generate, RateContinuation, RateDocument {

  /** One of four, by the kind of request. */
  <T> T fold(
      Function<Generate, T> generate,
      Function<RateContinuation, T> continuation,
      Function<RateDocument, T> document,
      Function<CompareDocument, T> comparison);

  /** What is observed about attention beside the answer. */
  Observe observe();

  /** The same question, with one more observation; its answer is the same. */
  Request<R> observing(Observation<?> more);

  /** The kind of answer that this request gets. */
  Class<R> responseType();

  /**
   * The answer as its own type.
   *
   * @throws ClassCastException if a model answered with another kind
   */
  default R typed(Response response) {
    return responseType().cast(response);
  }
}
