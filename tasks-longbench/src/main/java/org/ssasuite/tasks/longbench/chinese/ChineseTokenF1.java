package org.ssasuite.tasks.longbench.chinese;

import java.util.List;
import org.ssasuite.core.metrics.AnswerMetric;
import org.ssasuite.core.metrics.BagF1;

/**
 * Token F1 of Chinese answers: {@link BagF1} of the words of both, which are {@link Jieba}'s pieces
 * in their normal form ({@link ChineseAnswerFilter}).
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/metrics.py}, {@code qa_f1_zh_score},
 * with jieba 0.42.1.
 *
 * <p>Quirks kept: the text is segmented before it is brought into its normal form, so punctuation
 * and case have a say in where words end.
 */
public record ChineseTokenF1() implements AnswerMetric {
  @Override
  public double score(String prediction, String reference, List<String> classes) {
    ChineseAnalyzer analyzer = ChineseAnalyzer.answerWords();
    return BagF1.of(analyzer.terms(prediction), analyzer.terms(reference));
  }
}
