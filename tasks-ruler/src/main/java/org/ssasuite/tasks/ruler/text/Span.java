package org.ssasuite.tasks.ruler.text;

/** A stretch of a text, in UTF-16 units. */
public record Span(int from, int to) {
  public Span {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("no stretch of text: " + from + " to " + to);
    }
  }

  public Span shifted(int by) {
    return new Span(from + by, to + by);
  }
}
