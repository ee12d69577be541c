package org.ssasuite.core.request;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.ssasuite.core.python.PythonText;

/**
 * Continue this prompt greedily, up to a limit or a stop string.
 *
 * @param maxTokens the most tokens that are written
 * @param truncation what is read of a prompt that is too long
 * @param ends which tokens end it
 * @param followUp a second prompt that what was written goes into, and whose continuation is the
 *     answer
 */
public record Generate(
    String prompt,
    int maxTokens,
    List<String> stops,
    Observe observe,
    Truncation truncation,
    EndTokens ends,
    Optional<FollowUp> followUp)
    implements Request<Generation> {
  public Generate {
    Objects.requireNonNull(prompt);
    Objects.requireNonNull(observe);
    Objects.requireNonNull(truncation);
    Objects.requireNonNull(ends);
    Objects.requireNonNull(followUp);
    stops = List.copyOf(stops);
    if (maxTokens < 1) {
      throw new IllegalArgumentException("at least 1 token must be asked for, not " + maxTokens);
    }
  }

  /** The whole prompt, until the model ends it. */
  public Generate(String prompt, int maxTokens, List<String> stops, Observe observe) {
    this(prompt, maxTokens, stops, observe, new Truncation.Whole(), EndTokens.ofModel());
  }

  /** Without a second prompt. */
  public Generate(
      String prompt,
      int maxTokens,
      List<String> stops,
      Observe observe,
      Truncation truncation,
      EndTokens ends) {
    this(prompt, maxTokens, stops, observe, truncation, ends, Optional.empty());
  }

  /**
   * A second prompt.
   *
   * @param before what stands before what was written, which is stripped first
   * @param behind what stands behind it
   * @param maxTokens the most tokens that are written then
   */
  public record FollowUp(String before, String behind, int maxTokens) {
    public FollowUp {
      Objects.requireNonNull(before);
      Objects.requireNonNull(behind);
      if (maxTokens < 1) {
        throw new IllegalArgumentException("at least 1 token must be asked for, not " + maxTokens);
      }
    }
  }

  /** What is asked after this was written; nothing after an empty text. */
  public Optional<Generate> next(String written) {
    return followUp
        .filter(second -> !written.isEmpty())
        .map(
            second ->
                new Generate(
                    second.before() + PythonText.strip(written) + second.behind(),
                    second.maxTokens(),
                    stops,
                    observe,
                    truncation,
                    ends));
  }

  @Override
  public Generate observing(Observation<?> more) {
    return new Generate(prompt, maxTokens, stops, observe.and(more), truncation, ends, followUp);
  }

  @Override
  public Class<Generation> responseType() {
    return Generation.class;
  }

  @Override
  public <T> T fold(
      Function<Generate, T> generate,
      Function<RateContinuation, T> continuation,
      Function<RateDocument, T> document) {
    return generate.apply(this);
  }
}
