package org.ssasuite.core.metrics;

import java.util.List;

/**
 * Whether prediction and reference are the same text, code point for code point.
 *
 * <p>Reference: huggingface/evaluate 0.4, {@code metrics/exact_match/exact_match.py}, with none of
 * its options, as EleutherAI/lm-evaluation-harness 0.4.9 has it under {@code exact_match}.
 */
public record ExactMatch() implements AnswerMetric {
  @Override
  public double score(String prediction, String reference, List<String> classes) {
    return prediction.equals(reference) ? 1 : 0;
  }
}
