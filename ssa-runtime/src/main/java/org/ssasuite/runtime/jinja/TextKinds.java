package org.ssasuite.runtime.jinja;

import org.ssasuite.core.python.PythonText;

/** What kinds of characters a text has. Beyond ASCII only where no version of Unicode decides. */
final class TextKinds {
  private static final int ASCII = 0x80;

  private TextKinds() {}

  static boolean isDigit(String text) {
    return !text.isEmpty()
        && text.codePoints().allMatch(c -> (c >= '0' && c <= '9') || other("isdigit", c));
  }

  static boolean isAlpha(String text) {
    return !text.isEmpty() && text.codePoints().allMatch(PythonText::isAlpha);
  }

  static boolean isAlphanumeric(String text) {
    return !text.isEmpty()
        && text.codePoints()
            .allMatch(c -> PythonText.isAlpha(c) || (c >= '0' && c <= '9') || other("isalnum", c));
  }

  /** A character that is no letter and beyond ASCII may be one of many kinds of digits. */
  private static boolean other(String method, int codePoint) {
    if (codePoint >= ASCII && !PythonText.isAlpha(codePoint)) {
      throw TemplateFault.of(
          "'" + method + "' of '" + Character.toString(codePoint) + "', beyond ASCII");
    }
    return false;
  }

  static boolean isSpace(String text) {
    return !text.isEmpty() && text.codePoints().allMatch(PythonText::isSpace);
  }

  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(PythonText::isUpper)
        && text.codePoints().noneMatch(c -> PythonText.isLower(c) || PythonText.isTitle(c));
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(PythonText::isLower)
        && text.codePoints().noneMatch(c -> PythonText.isUpper(c) || PythonText.isTitle(c));
  }

  /** {@code text.title()}: each run of letters as {@code capitalize} has it. */
  static String title(String text) {
    StringBuilder title = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && isCased(text.codePointAt(end))) {
        end += Character.charCount(text.codePointAt(end));
      }
      title.append(PythonText.capitalize(text.substring(at, end)));
      if (end < text.length()) {
        title.appendCodePoint(text.codePointAt(end));
        end += Character.charCount(text.codePointAt(end));
      }
      at = end;
    }
    return title.toString();
  }

  private static boolean isCased(int codePoint) {
    return PythonText.isUpper(codePoint)
        || PythonText.isLower(codePoint)
        || PythonText.isTitle(codePoint);
  }
}
