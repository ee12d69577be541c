package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.python.PythonText;

/** Texts with places to fill: {@code '{}'.format(x)} and {@code '%s' % x}, in their plain forms. */
final class TextFormat {
  private TextFormat() {}

  /** {@code text.format(…)}: places by order, number or name, without a form of their own. */
  static Object braces(String text, Arguments arguments, Rendering rendering) {
    StringBuilder filled = new StringBuilder();
    int next = 0;
    int at = 0;
    while (at < text.length()) {
      char unit = text.charAt(at);
      if (unit != '{' && unit != '}') {
        filled.append(unit);
        at++;
      } else if (at + 1 < text.length() && text.charAt(at + 1) == unit) {
        filled.append(unit);
        at += 2;
      } else {
        int end = text.indexOf('}', at);
        if (unit == '}' || end < 0) {
          throw TemplateFault.of("'format' of a text with a single brace");
        }
        String place = text.substring(at + 1, end);
        filled.append(rendering.made(filling(place, next, arguments, rendering)));
        next += place.isEmpty() ? 1 : 0;
        at = end + 1;
      }
    }
    return filled.toString();
  }

  private static String filling(String place, int next, Arguments arguments, Rendering rendering) {
    boolean number = !place.isEmpty() && place.chars().allMatch(c -> c >= '0' && c <= '9');
    Object value;
    if (place.isEmpty() || number) {
      int index =
          place.isEmpty() ? next : (int) Math.min(Long.parseLong("0" + shortened(place)), 1 << 20);
      if (index >= arguments.positional().size()) {
        throw TemplateFault.of("'format' has no argument " + index);
      }
      value = arguments.positional().get(index);
    } else {
      if (!place.chars().allMatch(PythonText::isWordCharacter)) {
        throw TemplateFault.of("'format' with a place '{" + place + "}'");
      }
      value = arguments.named().get(place);
      if (value == null) {
        throw TemplateFault.of("'format' has no argument '" + place + "'");
      }
    }
    return ValueText.of(value, rendering);
  }

  private static String shortened(String digits) {
    return digits.length() > 9 ? digits.substring(0, 9) : digits;
  }

  /** {@code text % values}. */
  static String percent(String text, Object values, Rendering rendering) {
    List<Object> all = new ArrayList<>(values instanceof Tuple t ? t.items() : List.of(values));
    StringBuilder filled = new StringBuilder();
    int next = 0;
    int at = 0;
    while (at < text.length()) {
      char unit = text.charAt(at);
      char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
      if (unit != '%' || kind == '%') {
        filled.append(unit);
        at += unit == '%' ? 2 : 1;
        continue;
      }
      if (next >= all.size()) {
        throw TemplateFault.of("'%' has too few values");
      }
      filled.append(rendering.made(percent(kind, all.get(next), rendering)));
      next++;
      at += 2;
    }
    // What can be asked for a part counts as a mapping, of which nothing need be used.
    boolean parts = values instanceof Map || values instanceof List || values instanceof Undefined;
    if (next < all.size() && !parts) {
      throw TemplateFault.of("'%' has values left over");
    }
    return filled.toString();
  }

  private static String percent(char kind, Object value, Rendering rendering) {
    if (kind == 's') {
      return ValueText.of(value, rendering);
    }
    if (kind == 'r') {
      return ValueText.repr(value, rendering);
    }
    if ((kind == 'd' || kind == 'i') && Values.isWhole(value)) {
      return String.valueOf(Values.whole(value));
    }
    throw TemplateFault.of("'%" + kind + "' of '" + TypeName.of(value) + "'");
  }
}
