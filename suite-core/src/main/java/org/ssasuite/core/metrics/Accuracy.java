package org.ssasuite.core.metrics;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.ContinuationRating;

/**
 * Whether the chosen choice is the right one. Chosen is the one of the highest figure, of several
 * the first; a figure is the natural logarithm of the probability of a choice and the space that
 * leads it, behind its context, divided by
 *
 * <pre>
 * acc         1
 * acc_norm    the code points of the choice, without the space
 * acc_bytes   the UTF-8 bytes of the choice, without the space
 * acc_tokens  the tokens of choice and space
 * </pre>
 *
 * <p>Reference of the first two: EleutherAI/lm-evaluation-harness 0.4.9, {@code
 * lm_eval/api/task.py}, {@code ConfigurableTask.process_results}; of the third: the same at its
 * later commits.
 */
public enum Accuracy {
  TOTAL("acc") {
    @Override
    double length(String choice, ContinuationRating rating) {
      return 1;
    }
  },
  PER_CHARACTER("acc_norm") {
    @Override
    double length(String choice, ContinuationRating rating) {
      return PythonText.length(choice);
    }
  },
  PER_BYTE("acc_bytes") {
    @Override
    double length(String choice, ContinuationRating rating) {
      return choice.getBytes(StandardCharsets.UTF_8).length;
    }
  },
  PER_TOKEN("acc_tokens") {
    @Override
    double length(String choice, ContinuationRating rating) {
      return rating.tokens();
    }
  };

  private final String metric;

  Accuracy(String metric) {
    this.metric = metric;
  }

  /** Its name in results. */
  public String metric() {
    return metric;
  }

  /** What a choice's log-likelihood is divided by. */
  abstract double length(String choice, ContinuationRating rating);

  /** [choices] the figures; an empty choice's is −∞ where a length divides, as in the reference. */
  double[] figures(List<String> choices, List<ContinuationRating> ratings) {
    return IntStream.range(0, choices.size())
        .mapToDouble(i -> ratings.get(i).logLikelihood() / length(choices.get(i), ratings.get(i)))
        .toArray();
  }

  /** The first of the highest figures. */
  static int chosen(double[] figures) {
    int best = 0;
    for (int i = 1; i < figures.length; i++) {
      best = figures[i] > figures[best] ? i : best;
    }
    return best;
  }

  /** Whether the highest figure is that of two choices or more. */
  static boolean tied(double[] figures) {
    double best = figures[chosen(figures)];
    int count = 0;
    for (double figure : figures) {
      count += figure == best ? 1 : 0;
    }
    return count > 1;
  }
}
