package org.ssasuite.core.described;

import java.util.ArrayList;
import java.util.List;

/**
 * A text with fields of a row in braces, as {@code Question: {question}}; two braces of a kind are
 * one of the text. What a row has is put in and not looked into, as Python's {@code str.format}
 * does.
 *
 * @param pieces texts and fields by turns, a text first and last
 */
record Template(List<String> pieces) {
  Template {
    pieces = List.copyOf(pieces);
  }

  /**
   * Takes a text apart.
   *
   * @throws IllegalArgumentException naming the key for a brace without its other one, and a field
   *     without a name
   */
  static Template parse(String key, String text) {
    List<String> pieces = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
      if (c != '{' && c != '}') {
        plain.append(c);
        at++;
      } else if (doubled) {
        plain.append(c);
        at += 2;
      } else {
        int end = c == '{' ? text.indexOf('}', at) : -1;
        String field = end < 0 ? "" : text.substring(at + 1, end);
        if (field.isEmpty() || field.indexOf('{') >= 0) {
          throw new IllegalArgumentException(
              key
                  + " has at character "
                  + at
                  + " a '"
                  + c
                  + "' that is of no field; a plain one is"
                  + " written twice");
        }
        pieces.add(plain.toString());
        pieces.add(field);
        plain.setLength(0);
        at = end + 1;
      }
    }
    pieces.add(plain.toString());
    return new Template(pieces);
  }

  /** The same, and there must be a field. */
  static Template withField(String key, String text) {
    Template template = parse(key, text);
    if (template.pieces.size() == 1) {
      throw new IllegalArgumentException(key + " names no field of a row, as {text}");
    }
    return template;
  }

  /** The text for a row. */
  String filled(Row row) {
    StringBuilder text = new StringBuilder(pieces.get(0));
    for (int i = 1; i < pieces.size(); i += 2) {
      text.append(row.text(pieces.get(i))).append(pieces.get(i + 1));
    }
    return text.toString();
  }
}
