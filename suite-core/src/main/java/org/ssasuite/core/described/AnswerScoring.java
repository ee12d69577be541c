package org.ssasuite.core.described;

import java.util.List;
import org.ssasuite.core.metrics.AnswerMetric;
import org.ssasuite.core.metrics.CodeSimilarity;
import org.ssasuite.core.metrics.ExactMatch;
import org.ssasuite.core.metrics.RougeL;
import org.ssasuite.core.metrics.StringMatch;
import org.ssasuite.core.metrics.TokenF1;
import org.ssasuite.core.python.PythonText;

/** How good a prediction is against all reference answers, from 0 to 1. */
enum AnswerScoring {
  TOKEN_F1 {
    @Override
    double score(String prediction, List<String> answers) {
      return best(new TokenF1(), prediction, answers);
    }
  },
  ROUGE_L {
    @Override
    double score(String prediction, List<String> answers) {
      return best(RougeL.DIRECT, prediction, answers);
    }
  },
  EXACT {
    @Override
    double score(String prediction, List<String> answers) {
      return best(new ExactMatch(), prediction, answers);
    }
  },
  CONTAINS_ALL {
    @Override
    double score(String prediction, List<String> answers) {
      return StringMatch.ALL.score(prediction, answers);
    }
  },
  CONTAINS_PART {
    @Override
    double score(String prediction, List<String> answers) {
      return StringMatch.PART.score(prediction, answers);
    }
  },
  CODE_SIMILARITY {
    @Override
    double score(String prediction, List<String> answers) {
      return best(CodeSimilarity.DIFFLIB, prediction, answers);
    }
  };

  abstract double score(String prediction, List<String> answers);

  private static double best(AnswerMetric metric, String prediction, List<String> answers) {
    double best = 0;
    for (String answer : answers) {
      best = Math.max(best, metric.score(prediction, answer, List.of()));
    }
    return best;
  }

  /** Its name in results. */
  String text() {
    return PythonText.lower(name());
  }
}
