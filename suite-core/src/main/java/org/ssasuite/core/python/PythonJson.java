package org.ssasuite.core.python;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** The text that Python 3's {@code json.dumps} gives with its default settings. */
public final class PythonJson {
  private static final HexFormat HEX = HexFormat.of();

  private PythonJson() {}

  /**
   * A string. Everything but printable ASCII is escaped; a character beyond U+FFFF becomes two
   * surrogates.
   */
  public static String dumps(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      append(text.charAt(i), json);
    }
    return json.append('"').toString();
  }

  /** A list of strings. */
  public static String dumps(List<String> texts) {
    return texts.stream().map(PythonJson::dumps).collect(Collectors.joining(", ", "[", "]"));
  }

  private static void append(char unit, StringBuilder json) {
    switch (unit) {
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      case '\n' -> json.append("\\n");
      case '\r' -> json.append("\\r");
      case '\t' -> json.append("\\t");
      case '\f' -> json.append("\\f");
      case '\b' -> json.append("\\b");
      default -> {
        if (unit >= ' ' && unit <= '~') {
          json.append(unit);
        } else {
          json.append("\\u").append(HEX.toHexDigits(unit));
        }
      }
    }
  }
}
