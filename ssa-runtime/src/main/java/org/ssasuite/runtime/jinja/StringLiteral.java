package org.ssasuite.runtime.jinja;

/** The escapes of a string literal, as Python's codec {@code unicode-escape} reads them. */
final class StringLiteral {
  private static final int HEX = 16;
  private static final int OCTAL = 8;
  private static final int OCTAL_DIGITS = 3;

  private StringLiteral() {}

  /**
   * The text of a literal.
   *
   * @param written between its quotes
   * @throws TemplateFault for an escape that stands for nothing
   */
  static String value(String written, int line) {
    if (written.indexOf('\\') < 0) {
      return written;
    }
    StringBuilder text = new StringBuilder(written.length());
    int at = 0;
    while (at < written.length()) {
      char unit = written.charAt(at);
      at = unit == '\\' ? escaped(written, at + 1, line, text) : plain(unit, at, text);
    }
    return text.toString();
  }

  private static int plain(char unit, int at, StringBuilder text) {
    text.append(unit);
    return at + 1;
  }

  private static int escaped(String written, int at, int line, StringBuilder text) {
    char kind = written.charAt(at);
    switch (kind) {
      case '\n' -> {}
      case '\\', '\'', '"' -> text.append(kind);
      case 'a' -> text.append('\u0007');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'v' -> text.append('\u000b');
      case 'x' -> {
        return hex(written, at + 1, 2, line, text);
      }
      case 'u' -> {
        return hex(written, at + 1, 4, line, text);
      }
      case 'U' -> {
        return hex(written, at + 1, 8, line, text);
      }
      case 'N' -> throw new TemplateFault(line, "the escape \\N, a character by its name");
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        return octal(written, at, text);
      }
      default -> text.append('\\').append(kind);
    }
    return at + 1;
  }

  private static int hex(String written, int at, int digits, int line, StringBuilder text) {
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = i < written.length() ? Character.digit(written.charAt(i), HEX) : -1;
      if (digit < 0 || written.charAt(i) > 'f') {
        throw new TemplateFault(line, "a string has an escape that is cut short");
      }
      value = value * HEX + digit;
    }
    if (!Character.isValidCodePoint(value) || (value >= 0xD800 && value <= 0xDFFF)) {
      throw new TemplateFault(line, "a string has an escape for no character");
    }
    text.appendCodePoint(value);
    return at + digits;
  }

  private static int octal(String written, int at, StringBuilder text) {
    int value = 0;
    int i = at;
    while (i < written.length()
        && i < at + OCTAL_DIGITS
        && written.charAt(i) >= '0'
        && written.charAt(i) < '0' + OCTAL) {
      value = value * OCTAL + written.charAt(i) - '0';
      i++;
    }
    text.append((char) value);
    return i;
  }
}
