package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The filter {@code tojson} as transformers has it: Python's {@code json.dumps}, not escaped for
 * HTML.
 *
 * @param indent what a level is indented by; absent: all on one line
 */
record JsonForm(
    boolean ascii, Optional<String> indent, String between, String behindKey, boolean sorted) {
  private static final HexFormat HEX = HexFormat.of();
  private static final int FIRST_PRINTED = 0x20;
  private static final int LAST_ASCII = 0x7e;
  private static final int MOST_DEPTH = 100;

  /** A value as JSON. */
  String of(Object value, Rendering rendering) {
    StringBuilder json = new StringBuilder();
    append(value, json, 0, rendering);
    return rendering.made(json.toString());
  }

  private void append(Object value, StringBuilder json, int depth, Rendering rendering) {
    rendering.spend(1);
    if (depth > MOST_DEPTH) {
      throw TemplateFault.of("a value of more than " + MOST_DEPTH + " levels");
    }
    if (value instanceof List<?> list && !(value instanceof Range)) {
      items(list, json, depth, rendering);
    } else if (value instanceof Tuple tuple) {
      items(tuple.items(), json, depth, rendering);
    } else if (value instanceof Map<?, ?> map) {
      pairs(map, json, depth, rendering);
    } else if (value instanceof String text) {
      quoted(text, json);
    } else if (value instanceof Markup markup) {
      quoted(markup.text(), json);
    } else {
      json.append(scalar(value));
    }
  }

  private static String scalar(Object value) {
    if (value instanceof Nothing) {
      return "null";
    }
    if (value instanceof Boolean || value instanceof Long) {
      return value.toString();
    }
    if (value instanceof Double d) {
      if (Double.isNaN(d)) {
        return "NaN";
      }
      return Double.isInfinite(d) ? (d > 0 ? "Infinity" : "-Infinity") : ValueText.number(d);
    }
    throw TemplateFault.of("'" + TypeName.of(value) + "' in 'tojson'");
  }

  private void items(List<?> items, StringBuilder json, int depth, Rendering rendering) {
    json.append('[');
    for (int i = 0; i < items.size(); i++) {
      json.append(i == 0 ? "" : between);
      line(json, depth + 1);
      append(items.get(i), json, depth + 1, rendering);
    }
    if (!items.isEmpty()) {
      line(json, depth);
    }
    json.append(']');
  }

  private void pairs(Map<?, ?> map, StringBuilder json, int depth, Rendering rendering) {
    json.append('{');
    List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
    if (sorted) {
      entries.sort((a, b) -> Values.compare(a.getKey(), b.getKey()));
    }
    for (int i = 0; i < entries.size(); i++) {
      json.append(i == 0 ? "" : between);
      line(json, depth + 1);
      quoted(key(entries.get(i).getKey()), json);
      json.append(behindKey);
      append(entries.get(i).getValue(), json, depth + 1, rendering);
    }
    if (!entries.isEmpty()) {
      line(json, depth);
    }
    json.append('}');
  }

  private static String key(Object key) {
    return key instanceof String text ? text : scalar(key);
  }

  private void line(StringBuilder json, int depth) {
    indent.ifPresent(level -> json.append('\n').append(level.repeat(depth)));
  }

  private void quoted(String text, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      switch (unit) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\f' -> json.append("\\f");
        case '\b' -> json.append("\\b");
        default -> {
          if (unit < FIRST_PRINTED || (ascii && unit > LAST_ASCII)) {
            json.append("\\u").append(HEX.toHexDigits(unit));
          } else {
            json.append(unit);
          }
        }
      }
    }
    json.append('"');
  }
}
