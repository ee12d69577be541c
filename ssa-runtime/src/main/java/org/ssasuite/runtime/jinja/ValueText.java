package org.ssasuite.runtime.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.python.PythonRepr;

/** What Python's {@code str} and {@code repr} give of a template's values. */
final class ValueText {
  /** Digits that tell every number of 64 bits from the others. */
  private static final int DIGITS = 17;

  private static final int LEAST_EXPONENT = -4;
  private static final int MOST_EXPONENT = 16;
  private static final int MOST_DEPTH = 100;

  private ValueText() {}

  /** {@code str(value)}. */
  static String of(Object value, Rendering rendering) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Markup markup) {
      return markup.text();
    }
    if (value instanceof Undefined) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    append(value, text, 0, rendering);
    return text.toString();
  }

  /** {@code repr(value)}. */
  static String repr(Object value, Rendering rendering) {
    StringBuilder text = new StringBuilder();
    append(value, text, 0, rendering);
    return text.toString();
  }

  private static void append(Object value, StringBuilder text, int depth, Rendering rendering) {
    rendering.spend(1);
    if (depth > MOST_DEPTH) {
      throw TemplateFault.of("a value of more than " + MOST_DEPTH + " levels");
    }
    if (value instanceof String string) {
      text.append(rendering.made(PythonRepr.repr(string)));
    } else if (value instanceof Nothing) {
      text.append("None");
    } else if (value instanceof Boolean b) {
      text.append(b ? "True" : "False");
    } else if (value instanceof Long) {
      text.append(value);
    } else if (value instanceof Double d) {
      text.append(number(d));
    } else if (value instanceof Range range) {
      text.append(range.text());
    } else if (value instanceof List<?> list) {
      items("[", list.iterator(), "]", text, depth, rendering);
    } else if (value instanceof Tuple tuple) {
      String end = tuple.items().size() == 1 ? ",)" : ")";
      items("(", tuple.items().iterator(), end, text, depth, rendering);
    } else if (value instanceof MapView view) {
      text.append(view.name()).append('(');
      items("[", view.items().iterator(), "])", text, depth, rendering);
    } else if (value instanceof Map<?, ?> map) {
      pairs(map, text, depth, rendering);
    } else if (value instanceof Undefined) {
      text.append("Undefined");
    } else {
      throw TemplateFault.of("the text of '" + TypeName.of(value) + "'");
    }
  }

  private static void items(
      String begin,
      Iterator<?> items,
      String end,
      StringBuilder text,
      int depth,
      Rendering rendering) {
    text.append(begin);
    while (items.hasNext()) {
      append(items.next(), text, depth + 1, rendering);
      if (items.hasNext()) {
        text.append(", ");
      }
    }
    text.append(end);
  }

  private static void pairs(Map<?, ?> map, StringBuilder text, int depth, Rendering rendering) {
    text.append('{');
    String between = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(between);
      append(entry.getKey(), text, depth + 1, rendering);
      text.append(": ");
      append(entry.getValue(), text, depth + 1, rendering);
      between = ", ";
    }
    text.append('}');
  }

  /** {@code repr} of a float: the fewest digits that give it back. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal shortest = exact;
    for (int digits = 1; digits <= DIGITS; digits++) {
      shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (shortest.doubleValue() == value) {
        break;
      }
    }
    String digits = shortest.unscaledValue().abs().toString().replaceFirst("0+$", "");
    int exponent = shortest.precision() - shortest.scale() - 1;
    return (value < 0 ? "-" : "") + written(digits, exponent);
  }

  private static String written(String digits, int exponent) {
    if (exponent < LEAST_EXPONENT || exponent >= MOST_EXPONENT) {
      String sign = exponent < 0 ? "-" : "+";
      String power = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : "" + Math.abs(exponent);
      String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
      return digits.charAt(0) + rest + "e" + sign + power;
    }
    if (exponent < 0) {
      return "0." + "0".repeat(-exponent - 1) + digits;
    }
    if (digits.length() <= exponent + 1) {
      return digits + "0".repeat(exponent + 1 - digits.length()) + ".0";
    }
    return digits.substring(0, exponent + 1) + "." + digits.substring(exponent + 1);
  }
}
