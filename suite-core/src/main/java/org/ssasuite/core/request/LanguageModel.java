package org.ssasuite.core.request;

import java.util.List;
import java.util.Set;

/** A model in one attention mode. Mutable inside (weights, caches): one owner, closed once. */
public interface LanguageModel extends AutoCloseable {
  /** What identifies this model in results. */
  ModelCard card();

  /** The attention statistics that it can return. */
  Set<AttentionStatistic> observable();

  /**
   * Answers in the order of the requests. Batching and sharing of prefixes happen inside and never
   * change an answer.
   */
  List<Response> answer(List<Request<?>> requests);

  /** What has been computed since the model was loaded, in all its modes together. */
  Work work();

  @Override
  void close();
}
