package org.ssasuite.tasks.longbench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ssasuite.core.metrics.AnswerMetric;
import org.ssasuite.core.metrics.CodeSimilarity;
import org.ssasuite.core.metrics.RougeL;
import org.ssasuite.core.metrics.TokenF1;
import org.ssasuite.tasks.longbench.chinese.ChineseRougeL;
import org.ssasuite.tasks.longbench.chinese.ChineseTokenF1;

/** How the predictions of a data set are scored. */
enum Scoring {
  F1(new TokenF1()),
  F1_ZH(new ChineseTokenF1()),
  ROUGE_L(RougeL.DIRECT),
  ROUGE_L_ZH(new ChineseRougeL()),
  CLASS_SHARE(new ClassShare()),
  COUNT(NumberShare.COUNT),
  RETRIEVAL(NumberShare.PARAGRAPH),
  RETRIEVAL_ZH(NumberShare.CHINESE_PARAGRAPH),
  CODE_SIM(CodeSimilarity.DIFFLIB),
  CODE_SIM_INDEL(CodeSimilarity.INDEL);

  // Records without a component and enums, which the compiler cannot see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final AnswerMetric metric;

  Scoring(AnswerMetric metric) {
    this.metric = metric;
  }

  AnswerMetric metric() {
    return metric;
  }

  /** The best score of a prediction over all reference answers; 0 without any. */
  double best(String prediction, List<String> answers, List<String> classes) {
    double best = 0;
    for (String answer : answers) {
      best = Math.max(best, metric.score(prediction, answer, classes));
    }
    return best;
  }

  /** Its name in results. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is wrong with a reference answer, which the reference program dies of. */
  Optional<String> faultOf(String reference) {
    return metric instanceof NumberShare share && share.right(reference).isEmpty()
        ? Optional.of("names no paragraph: " + reference)
        : Optional.empty();
  }
}
