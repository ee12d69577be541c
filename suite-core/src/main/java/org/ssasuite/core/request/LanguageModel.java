package org.ssasuite.core.request;

import java.util.List;

/** A model in one attention mode. Mutable inside (weights, caches): one owner, closed once. */
public interface LanguageModel extends AutoCloseable {
  /** What identifies this model in results. */
  ModelCard card();

  /** Whether it can make an observation. */
  boolean observes(Observation<?> asked);

  /**
   * Answers in the order of the requests. Batching and sharing of prefixes happen inside and never
   * change an answer.
   */
  List<Response> answer(List<Request<?>> requests);

  /**
   * Says what will be asked next, so that a model can get it ready beside what it is asked now. It
   * changes no answer, and need not come true.
   */
  default void expect(List<Request<?>> requests) {}

  /**
   * How many samples it wants to be asked together at least, however long they are; never changes
   * an answer.
   */
  default int leastTogether() {
    return 1;
  }

  /** What has been computed since the model was loaded, in all its modes together. */
  Work work();

  @Override
  void close();
}
