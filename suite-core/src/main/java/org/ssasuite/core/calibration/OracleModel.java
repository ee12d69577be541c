package org.ssasuite.core.calibration;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.RateContinuation;

/**
 * A model that was told the answers, so that a task must give it the best score there is.
 *
 * <p>It generates the answer that belongs to the prompt, up to the first stop string. The limit on
 * tokens does not cut: its bytes are smaller than the tokens that a task's limit was made for. A
 * continuation has log-likelihood 0 if it is an answer to its context, else that of a uniform model
 * of 256 bytes. Every token of a document has probability 1.
 */
public final class OracleModel extends ByteModel {
  private static final double WRONG_BYTE_LOG_PROBABILITY = -Math.log(256);

  private final Map<String, String> texts = new HashMap<>();
  private final Set<Answer> answers;

  /**
   * A right answer.
   *
   * @param prompt the whole prompt of a generation, or the context of a continuation
   * @param text what follows it
   */
  public record Answer(String prompt, String text) {
    public Answer {
      Objects.requireNonNull(prompt);
      Objects.requireNonNull(text);
    }
  }

  /**
   * A model named {@code oracle}.
   *
   * @param answers of several for one prompt the first is what it generates, and each is right as a
   *     continuation
   */
  public OracleModel(Collection<Answer> answers) {
    super("oracle", 0);
    this.answers = new HashSet<>(answers);
    answers.forEach(answer -> texts.putIfAbsent(answer.prompt(), answer.text()));
  }

  /**
   * The answer to the prompt.
   *
   * @throws IllegalArgumentException if it was not told one
   */
  @Override
  String written(Generate request) {
    String text = texts.get(request.prompt());
    if (text == null) {
      throw new IllegalArgumentException("the oracle was told no answer to: " + request.prompt());
    }
    int end = text.length();
    for (String stop : request.stops()) {
      int at = text.indexOf(stop);
      end = at < 0 ? end : Math.min(end, at);
    }
    return text.substring(0, end);
  }

  @Override
  double logLikelihood(RateContinuation request) {
    return greedy(request)
        ? 0
        : Utf8Bytes.count(request.continuation()) * WRONG_BYTE_LOG_PROBABILITY;
  }

  @Override
  boolean greedy(RateContinuation request) {
    return answers.contains(new Answer(request.context(), request.continuation()));
  }
}
