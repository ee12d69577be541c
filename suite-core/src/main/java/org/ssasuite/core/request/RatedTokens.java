package org.ssasuite.core.request;

/**
 * The rated tokens of a document in their order. Immutable.
 *
 * <p>Token i of this list is the document's token {@code firstPosition + i}; it ends before UTF-16
 * index {@code textEnd(i)} of the document's text. The rated stretch of text begins at {@code
 * textBegin()}.
 */
public final class RatedTokens {
  private final int firstPosition;
  private final int textBegin;
  private final float[] logProbabilities;
  private final int[] textEnds;

  /**
   * Copies the figures in.
   *
   * @param logProbabilities [n] natural logarithms, one per rated token
   * @param textEnds [n] UTF-16 indices into the document's text, none below the one before it; a
   *     token that ends inside a character ends where the character does
   */
  public RatedTokens(int firstPosition, int textBegin, float[] logProbabilities, int[] textEnds) {
    if (logProbabilities.length != textEnds.length) {
      throw new IllegalArgumentException(
          logProbabilities.length + " log-probabilities for " + textEnds.length + " text ends");
    }
    if (firstPosition < 0 || textBegin < 0) {
      throw new IllegalArgumentException(
          "rated tokens from position " + firstPosition + ", text index " + textBegin);
    }
    int before = textBegin;
    for (int end : textEnds) {
      if (end < before) {
        throw new IllegalArgumentException("text end " + end + " behind " + before);
      }
      before = end;
    }
    this.firstPosition = firstPosition;
    this.textBegin = textBegin;
    this.logProbabilities = logProbabilities.clone();
    this.textEnds = textEnds.clone();
  }

  public int size() {
    return logProbabilities.length;
  }

  public int firstPosition() {
    return firstPosition;
  }

  /** Natural logarithm of the token's probability. */
  public double logProbability(int i) {
    return logProbabilities[i];
  }

  public int textBegin() {
    return textBegin;
  }

  public int textEnd(int i) {
    return textEnds[i];
  }

  /** Negative log-likelihood of tokens {@code from} (included) to {@code to} of this list, nats. */
  public double nats(int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum -= logProbabilities[i];
    }
    return sum;
  }
}
