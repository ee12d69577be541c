package org.ssasuite.core.request;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Continue this prompt greedily, up to a limit or a stop string.
 *
 * @param maxTokens the most tokens that are written
 * @param truncation what is read of a prompt that is too long
 * @param ends which tokens end it
 * @param attends stretches of the prompt whose blocks each step of the answer has to attend to, in
 *     a mode that selects blocks; none: the selection is free
 * @param bos by itself what the truncation's reference has: none, or the tokenizer's
 */
public record Generate(
    String prompt,
    int maxTokens,
    List<String> stops,
    Observe observe,
    Truncation truncation,
    EndTokens ends,
    List<TextSpan> attends,
    Bos bos)
    implements Request<Generation> {
  public Generate {
    Objects.requireNonNull(prompt);
    Objects.requireNonNull(observe);
    Objects.requireNonNull(truncation);
    Objects.requireNonNull(ends);
    Objects.requireNonNull(bos);
    stops = List.copyOf(stops);
    attends = List.copyOf(attends);
    if (maxTokens < 1) {
      throw new IllegalArgumentException("at least 1 token must be asked for, not " + maxTokens);
    }
  }

  /** Selects freely. */
  public Generate(
      String prompt,
      int maxTokens,
      List<String> stops,
      Observe observe,
      Truncation truncation,
      EndTokens ends) {
    this(prompt, maxTokens, stops, observe, truncation, ends, List.of(), Bos.AUTO);
  }

  /** The whole prompt, until the model ends it. */
  public Generate(String prompt, int maxTokens, List<String> stops, Observe observe) {
    this(prompt, maxTokens, stops, observe, new Truncation.Whole(), EndTokens.ofModel());
  }

  @Override
  public Generate observing(Observation<?> more) {
    return new Generate(
        prompt, maxTokens, stops, observe.and(more), truncation, ends, attends, bos);
  }

  @Override
  public Generate beginning(Bos said) {
    return new Generate(prompt, maxTokens, stops, observe, truncation, ends, attends, said);
  }

  /** The same question with another rule for what is read of it. */
  public Generate truncatedBy(Truncation rule) {
    return new Generate(prompt, maxTokens, stops, observe, rule, ends, attends, bos);
  }

  /** The same question, unobserved, with stretches that its answer has to attend to. */
  public Generate attending(List<TextSpan> spans) {
    return new Generate(prompt, maxTokens, stops, Observe.nothing(), truncation, ends, spans, bos);
  }

  @Override
  public Class<Generation> responseType() {
    return Generation.class;
  }

  @Override
  public <T> T fold(
      Function<Generate, T> generate,
      Function<RateContinuation, T> continuation,
      Function<RateDocument, T> document,
      Function<CompareDocument, T> comparison) {
    return generate.apply(this);
  }
}
