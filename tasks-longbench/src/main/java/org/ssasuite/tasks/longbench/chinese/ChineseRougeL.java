package org.ssasuite.tasks.longbench.chinese;

import java.util.List;
import org.ssasuite.core.metrics.AnswerMetric;
import org.ssasuite.core.metrics.RougeL;

/**
 * {@link RougeL} of Chinese texts, whose words are {@link Jieba}'s pieces with spaces between them.
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/metrics.py}, {@code rouge_zh_score},
 * with jieba 0.42.1.
 *
 * <p>Quirks kept: punctuation marks are words; only an ASCII full stop ends a sentence, so a
 * Chinese text is mostly a single one; the recursion limit strikes one call earlier.
 */
public record ChineseRougeL() implements AnswerMetric {
  @Override
  public double score(String prediction, String reference, List<String> classes) {
    ChineseAnalyzer analyzer = ChineseAnalyzer.pieces();
    return RougeL.ONE_CALL_DEEPER.score(
        String.join(" ", analyzer.terms(prediction)),
        String.join(" ", analyzer.terms(reference)),
        classes);
  }
}
