package org.ssasuite.core.request;

/** A stretch of a text, in UTF-16 units: {@code from} (included) to {@code to}. */
public record TextSpan(int from, int to) {
  public TextSpan {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("no stretch of text: " + from + " to " + to);
    }
  }
}
