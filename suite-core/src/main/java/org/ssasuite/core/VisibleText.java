package org.ssasuite.core;

import java.util.Locale;

/** Foreign text in what is printed: control characters would move a terminal's cursor, and more. */
public final class VisibleText {
  private VisibleText() {}

  /**
   * A text of one line that shows what it is: control and format characters, line ends and halves
   * of surrogate pairs are written as JSON writes them.
   */
  public static String of(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(line, c));
    return line.toString();
  }

  private static void append(StringBuilder line, int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          line.append(escaped(c));
      default -> line.appendCodePoint(c);
    }
  }

  private static String escaped(int c) {
    return switch (c) {
      case '\r' -> "\\r";
      case '\n' -> "\\n";
      case '\t' -> "\\t";
      default -> String.format(Locale.ROOT, "\\u%04x", c);
    };
  }
}
