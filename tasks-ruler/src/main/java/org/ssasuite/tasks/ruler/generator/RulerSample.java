package org.ssasuite.tasks.ruler.generator;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.task.Sample;
import org.ssasuite.tasks.ruler.text.Span;

/**
 * A sample as its reference writes it.
 *
 * @param number from 0
 * @param input what the model reads, up to the answer prefix
 * @param outputs reference answers
 * @param length tokens of the prompt, and those that the answer may take
 * @param answerPrefix the beginning of the answer, which the model reads too
 * @param answerAt where the first answer stands; what NVIDIA's needle tasks say beside
 * @param inputExample the solved example that lm-eval's cwe makes and does not use
 * @param needles where in {@code input} stands what each answer is found by; empty for tasks
 *     without needles
 */
public record RulerSample(
    int number,
    String input,
    List<String> outputs,
    int length,
    String answerPrefix,
    Optional<AnswerAt> answerAt,
    Optional<String> inputExample,
    List<Span> needles)
    implements Sample {
  public RulerSample {
    Objects.requireNonNull(input);
    outputs = List.copyOf(outputs);
    Objects.requireNonNull(answerPrefix);
    Objects.requireNonNull(answerAt);
    Objects.requireNonNull(inputExample);
    needles = List.copyOf(needles);
    if (!needles.isEmpty() && needles.size() != outputs.size()) {
      throw new IllegalArgumentException(
          needles.size() + " needles for " + outputs.size() + " answers");
    }
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("sample " + number + " has no answer");
    }
  }

  /**
   * Where the first answer stands.
   *
   * @param character code points before it
   * @param token tokens of those
   */
  public record AnswerAt(int character, int token) {}

  /** Not the reference's {@code index}, which is not unique in the needle tasks. */
  @Override
  public String id() {
    return String.valueOf(number);
  }

  @Override
  public String document() {
    return id();
  }
}
