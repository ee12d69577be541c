package org.ssasuite.core.metrics;

import java.util.List;

/** How good a prediction is against one reference answer, from 0 to 1. Pure. */
public interface AnswerMetric {
  /**
   * The score of one prediction against one reference.
   *
   * @param classes the record's {@code all_classes}; empty where it has none
   */
  double score(String prediction, String reference, List<String> classes);
}
