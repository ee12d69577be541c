package org.ssasuite.tasks.longbench;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.metrics.AnswerMetric;
import org.ssasuite.core.python.PythonText;

/**
 * Share of the numbers in a prediction that are the right one.
 *
 * <pre>
 * score = numbers equal to the right one / numbers;  0 without any
 * </pre>
 *
 * A number is a maximal run of decimal digits. The right one is the reference itself, or the number
 * behind a word in it.
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/metrics.py}, {@code count_score}, {@code
 * retrieval_score}, {@code retrieval_zh_score}.
 *
 * <p>Quirks kept: digits are compared as text, so "05" is not 5; digits of all scripts are digits;
 * a decimal number is two.
 */
enum NumberShare implements AnswerMetric {
  COUNT {
    @Override
    Optional<String> right(String reference) {
      return Optional.of(reference);
    }
  },
  PARAGRAPH {
    @Override
    Optional<String> right(String reference) {
      return behind("Paragraph ", reference);
    }
  },
  CHINESE_PARAGRAPH {
    @Override
    Optional<String> right(String reference) {
      return behind("段落", reference);
    }
  };

  /**
   * The right number; absent where the reference names none, which the reference program dies of.
   */
  abstract Optional<String> right(String reference);

  /**
   * The share.
   *
   * @throws IllegalArgumentException if the reference names no number
   */
  @Override
  public double score(String prediction, String reference, List<String> classes) {
    String right =
        right(reference)
            .orElseThrow(() -> new IllegalArgumentException("no number in: " + reference));
    List<String> numbers = PythonText.digitRuns(prediction);
    long equal = numbers.stream().filter(right::equals).count();
    return numbers.isEmpty() ? 0 : (double) equal / numbers.size();
  }

  private static Optional<String> behind(String word, String reference) {
    Matcher number = Pattern.compile(word + "(\\p{Nd}+)").matcher(reference);
    return number.find() ? Optional.of(number.group(1)) : Optional.empty();
  }
}
