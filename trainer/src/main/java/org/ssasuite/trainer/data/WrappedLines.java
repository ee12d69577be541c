package org.ssasuite.trainer.data;

/**
 * Lines broken at spaces as books of Project Gutenberg have them, so that a model meets both forms.
 * Each line is filled with as many words as {@code columns} characters hold; the space at a break
 * becomes the line feed. A word that is longer has a line of its own; line feeds stay.
 */
final class WrappedLines {
  private static final int LEAST_COLUMNS = 64;
  private static final int MOST_COLUMNS = 76;

  private final double chance;
  private final Draws draws;

  /**
   * Lines of documents in their order.
   *
   * @param chance of a document
   */
  WrappedLines(double chance, long seed) {
    this.chance = chance;
    this.draws = new Draws(seed, "wrap");
  }

  /** The next document, as it is or in lines of 64 to 76 columns, the same in all of it. */
  String of(String text) {
    boolean wrap = draws.unit() < chance;
    int columns = draws.between(LEAST_COLUMNS, MOST_COLUMNS);
    return wrap ? wrapped(text, columns) : text;
  }

  static String wrapped(String text, int columns) {
    StringBuilder out = new StringBuilder(text);
    int begin = 0;
    int fitting = -1;
    for (int end = 0; end <= text.length(); end++) {
      char c = end < text.length() ? text.charAt(end) : '\n';
      if (c != ' ' && c != '\n') {
        continue;
      }
      // A word ends here; where it does not fit, the line ends before it.
      if (end - begin > columns && fitting > begin) {
        out.setCharAt(fitting, '\n');
        begin = fitting + 1;
      }
      fitting = end;
      if (c == '\n') {
        begin = end + 1;
      }
    }
    return out.toString();
  }
}
