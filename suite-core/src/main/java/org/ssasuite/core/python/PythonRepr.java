package org.ssasuite.core.python;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** What Python 3's {@code repr} gives. */
public final class PythonRepr {
  private static final HexFormat HEX = HexFormat.of();
  private static final int BYTE = 0x100;
  private static final int PLANE = 0x10000;

  private PythonRepr() {}

  /**
   * A string: in single quotes, unless it holds some and no double ones. What cannot be printed is
   * escaped.
   */
  public static String repr(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder repr = new StringBuilder(text.length() + 2).append(quote);
    text.codePoints().forEach(codePoint -> append(codePoint, quote, repr));
    return repr.append(quote).toString();
  }

  /** A list of strings. */
  public static String repr(List<String> texts) {
    return texts.stream().map(PythonRepr::repr).collect(Collectors.joining(", ", "[", "]"));
  }

  private static void append(int codePoint, char quote, StringBuilder repr) {
    switch (codePoint) {
      case '\\' -> repr.append("\\\\");
      case '\n' -> repr.append("\\n");
      case '\r' -> repr.append("\\r");
      case '\t' -> repr.append("\\t");
      default -> {
        if (codePoint == quote) {
          repr.append('\\').append(quote);
        } else if (isPrintable(codePoint)) {
          repr.appendCodePoint(codePoint);
        } else if (codePoint < BYTE) {
          repr.append("\\x").append(HEX.toHexDigits((byte) codePoint));
        } else if (codePoint < PLANE) {
          repr.append("\\u").append(HEX.toHexDigits((char) codePoint));
        } else {
          repr.append("\\U").append(HEX.toHexDigits(codePoint));
        }
      }
    }
  }

  /**
   * Whether {@code str.isprintable} holds for a character: other and separator do not, a space
   * does.
   */
  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }
}
