package org.ssasuite.core.request;

/**
 * One question to a language model. Its answer never depends on the requests beside it.
 *
 * @param <R> the kind of answer
 */
public sealed interface Request<R extends Response>
    permits Generate, RateContinuation, RateDocument {

  /** Which attention statistics the answer should carry. */
  Observe observe();

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
