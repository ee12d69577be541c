package org.ssasuite.core.request;

import java.util.Objects;
import java.util.function.Function;

/**
 * How far are this model's predictions from those of the same model in another mode? Of the
 * document's first tokens in one pass each, as {@link Windows.First} reads them; what lies behind
 * is cut.
 *
 * @param tokens the most that a pass reads
 * @param reference the other mode's text form, which each model reads with its own budget
 * @param bos nothing is put before the text unless it is {@link Bos#YES}
 */
public record CompareDocument(String text, int tokens, String reference, Observe observe, Bos bos)
    implements Request<DocumentComparison> {
  public CompareDocument {
    Objects.requireNonNull(text);
    Objects.requireNonNull(reference);
    Objects.requireNonNull(observe);
    Objects.requireNonNull(bos);
    if (tokens < 2) {
      throw new IllegalArgumentException("a comparison needs 2 tokens or more, not " + tokens);
    }
  }

  /** Nothing is put before the text. */
  public CompareDocument(String text, int tokens, String reference, Observe observe) {
    this(text, tokens, reference, observe, Bos.AUTO);
  }

  @Override
  public CompareDocument observing(Observation<?> more) {
    return new CompareDocument(text, tokens, reference, observe.and(more), bos);
  }

  @Override
  public CompareDocument beginning(Bos said) {
    return new CompareDocument(text, tokens, reference, observe, said);
  }

  @Override
  public Class<DocumentComparison> responseType() {
    return DocumentComparison.class;
  }

  @Override
  public <T> T fold(
      Function<Generate, T> generate,
      Function<RateContinuation, T> continuation,
      Function<RateDocument, T> document,
      Function<CompareDocument, T> comparison) {
    return comparison.apply(this);
  }
}
