package org.ssasuite.core;

import java.util.Locale;

/**
 * Foreign text as visible characters of one line: what a file holds decides over parts of many
 * lines that people read, and must neither forge a line nor command a terminal.
 */
public final class VisibleText {
  private VisibleText() {}

  /** Control and format characters, line ends and half surrogates become escapes as {@code \n}. */
  public static String of(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints().forEach(c -> append(line, c));
    return line.toString();
  }

  private static void append(StringBuilder line, int c) {
    if (isVisible(c)) {
      line.appendCodePoint(c);
    } else {
      line.append(escape(c));
    }
  }

  /** Whether a character is shown as it is. */
  public static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      // U+FFFE and its like, which no text has, are unassigned for good.
      default -> (c & 0xFFFE) != 0xFFFE;
    };
  }

  /** What stands for a character that is not visible. */
  public static String escape(int c) {
    return switch (c) {
      case '\r' -> "\\r";
      case '\n' -> "\\n";
      case '\t' -> "\\t";
      default -> String.format(Locale.ROOT, "\\u%04x", c);
    };
  }
}
