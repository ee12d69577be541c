package org.ssasuite.runtime.observation;

import java.util.stream.IntStream;
import org.ssasuite.core.request.TextSpan;

/** A stretch of a prompt in tokens: {@code from} (included) to {@code to}. */
public record TokenSpan(int from, int to) {
  public TokenSpan {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("no stretch of tokens: " + from + " to " + to);
    }
  }

  /** The blocks of so many tokens that hold one of them. */
  public IntStream blocks(int blockSize) {
    return IntStream.rangeClosed(from / blockSize, (to - 1) / blockSize);
  }

  /**
   * The tokens that share a character with a stretch of text.
   *
   * @param textEnds index in the text behind each token
   */
  public static TokenSpan of(TextSpan span, int[] textEnds) {
    int from = 0;
    while (from < textEnds.length - 1 && textEnds[from] <= span.from()) {
      from++;
    }
    int to = from + 1;
    while (to < textEnds.length && textEnds[to - 1] < span.to()) {
      to++;
    }
    return new TokenSpan(from, to);
  }
}
