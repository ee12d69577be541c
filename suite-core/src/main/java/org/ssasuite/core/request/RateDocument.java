package org.ssasuite.core.request;

import java.util.Objects;
import java.util.function.Function;

/**
 * How probable is each token of this text?
 *
 * @param bos of a text's first tokens alone: rolling windows are led by their prefix token, and a
 *     stretch begins amid its text
 */
public record RateDocument(String text, Windows windows, Observe observe, Bos bos)
    implements Request<DocumentRating> {
  public RateDocument {
    Objects.requireNonNull(text);
    Objects.requireNonNull(windows);
    Objects.requireNonNull(observe);
    Objects.requireNonNull(bos);
    if (bos != Bos.AUTO && !(windows instanceof Windows.First)) {
      throw new IllegalArgumentException("BOS " + bos.text() + " before " + windows.text());
    }
  }

  /** As the reference of the windows has it. */
  public RateDocument(String text, Windows windows, Observe observe) {
    this(text, windows, observe, Bos.AUTO);
  }

  @Override
  public RateDocument observing(Observation<?> more) {
    return new RateDocument(text, windows, observe.and(more), bos);
  }

  @Override
  public RateDocument beginning(Bos said) {
    return new RateDocument(text, windows, observe, said);
  }

  @Override
  public Class<DocumentRating> responseType() {
    return DocumentRating.class;
  }

  @Override
  public <T> T fold(
      Function<Generate, T> generate,
      Function<RateContinuation, T> continuation,
      Function<RateDocument, T> document,
      Function<CompareDocument, T> comparison) {
    return document.apply(this);
  }
}
