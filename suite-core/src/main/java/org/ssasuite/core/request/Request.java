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

  /** What is said of the token that begins texts. */
  Bos bos();

  /**
   * The same question, read with the token that begins texts or without.
   *
   * @throws IllegalArgumentException if its reading has no place for it
   */
  Request<R> beginning(Bos said);

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
