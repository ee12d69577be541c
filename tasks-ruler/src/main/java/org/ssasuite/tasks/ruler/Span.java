package org.ssasuite.tasks.ruler;

/** A stretch of a text, in UTF-16 units. */
record Span(int from, int to) {
  Span {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("no stretch of text: " + from + " to " + to);
    }
  }

  Span shifted(int by) {
    return new Span(from + by, to + by);
  }
}
