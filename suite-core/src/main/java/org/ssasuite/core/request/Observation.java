package org.ssasuite.core.request;

import java.util.List;

/**
 * Something about a model's attention that a request asks for beside its answer: one kind is one
 * implementation, which holds what is asked and names what comes back. How a model makes it is the
 * model's affair; it never changes an answer.
 *
 * @param <V> what comes back
 */
public interface Observation<V extends Observed> {
  /** What it is called, in a request's digest and in messages. */
  String name();

  /** What more is said about it in a request's digest; empty: the name says it all. */
  List<List<Integer>> arguments();

  /** The kind of what comes back. */
  Class<V> observed();

  /**
   * Whether an answer without it is still one, so that a model that cannot tell may be asked all
   * the same.
   */
  boolean optional();
}
