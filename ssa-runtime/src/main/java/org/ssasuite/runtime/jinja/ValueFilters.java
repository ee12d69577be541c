package org.ssasuite.runtime.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ssasuite.core.python.PythonText;

/** Filters that give numbers, lengths and values in place of others. */
final class ValueFilters {
  static final Map<String, Filters.Filter> ALL =
      Map.ofEntries(
          Map.entry("length", (v, a, r) -> length("'length'", v, a)),
          Map.entry("count", (v, a, r) -> length("'count'", v, a)),
          Map.entry("default", (v, a, r) -> silent(v, a)),
          Map.entry("d", (v, a, r) -> silent(v, a)),
          Map.entry("abs", (v, a, r) -> absolute(v, a)),
          Map.entry("int", (v, a, r) -> whole(v, a)),
          Map.entry("float", (v, a, r) -> real(v, a)),
          Map.entry("round", (v, a, r) -> rounded(v, a)),
          Map.entry("attr", ValueFilters::attribute));

  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+(?:_\\d+)*");
  private static final Pattern REAL =
      Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
  private static final int MOST_DIGITS = 18;
  private static final int MOST_PLACES = 300;

  private ValueFilters() {}

  private static Object length(String callee, Object value, Arguments arguments) {
    arguments.requireNone(callee);
    return (long) Values.requireLength(value);
  }

  private static Object silent(Object value, Arguments arguments) {
    List<Optional<Object>> bound = arguments.bound("'default'", 0, "default_value", "boolean");
    boolean gone =
        value instanceof Undefined || (Typed.isTrue(bound.get(1)) && !Values.isTrue(value));
    return gone ? bound.get(0).orElse("") : value;
  }

  private static Object absolute(Object value, Arguments arguments) {
    arguments.requireNone("'abs'");
    boolean minus = Values.isNumber(value) && Values.number(value) < 0;
    return Operator.signed(value, minus);
  }

  private static Object whole(Object value, Arguments arguments) {
    List<Optional<Object>> bound = arguments.bound("'int'", 0, "default", "base");
    if (bound.get(1).filter(base -> !base.equals(10L)).isPresent()) {
      throw TemplateFault.of("'int' with a base");
    }
    if (Values.isWhole(value)) {
      return Values.whole(value);
    }
    if (value instanceof Double d && Double.isFinite(d)) {
      return truncated(d);
    }
    if (value instanceof String text) {
      String number = PythonText.strip(text);
      if (WHOLE.matcher(number).matches()) {
        String digits = number.replace("_", "");
        if (digits.length() > MOST_DIGITS) {
          throw TemplateFault.of("a whole number of more than 63 bits");
        }
        return Long.parseLong(digits);
      }
      if (REAL.matcher(number).matches() && Double.isFinite(Double.parseDouble(number))) {
        return truncated(Double.parseDouble(number));
      }
      requireKnown("'int'", number);
    }
    requireDefined(value);
    return bound.get(0).orElse(0L);
  }

  private static void requireDefined(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
  }

  private static Object truncated(double number) {
    if (Math.abs(number) >= 0x1p63) {
      throw TemplateFault.of("a whole number of more than 63 bits");
    }
    return (long) number;
  }

  /** What Python takes for a number and nobody writes in a template. */
  private static void requireKnown(String callee, String number) {
    boolean other =
        number.codePoints().anyMatch(ValueFilters::isOtherDigit)
            || number.contains("_")
            || List.of("inf", "infinity", "nan")
                .contains(PythonText.lower(number.replaceFirst("^[+-]", "")));
    if (other) {
      throw TemplateFault.of(callee + " of '" + number + "'");
    }
  }

  private static boolean isOtherDigit(int codePoint) {
    return codePoint >= 0x80
        && PythonText.isWordCharacter(codePoint)
        && !PythonText.isAlpha(codePoint);
  }

  private static Object real(Object value, Arguments arguments) {
    List<Optional<Object>> bound = arguments.bound("'float'", 0, "default");
    if (Values.isNumber(value)) {
      return Values.number(value);
    }
    if (value instanceof String text) {
      String number = PythonText.strip(text);
      if (REAL.matcher(number).matches()) {
        return Double.parseDouble(number);
      }
      requireKnown("'float'", number);
    }
    requireDefined(value);
    return bound.get(0).orElse(0.0);
  }

  private static Object rounded(Object value, Arguments arguments) {
    List<Optional<Object>> bound = arguments.bound("'round'", 0, "precision", "method");
    int places = bound.get(0).map(one -> Typed.whole("'round'", one)).orElse(0);
    String method = bound.get(1).map(one -> Typed.text("'round'", one)).orElse("common");
    if (!Values.isNumber(value) || places < 0 || places > MOST_PLACES) {
      throw TemplateFault.of("'round' of '" + TypeName.of(value) + "' to " + places + " places");
    }
    if (method.equals("common")) {
      return Values.isWhole(value)
          ? (Object) Values.whole(value)
          : (Object) PythonText.round(Values.number(value), places);
    }
    double power = Math.pow(10, places);
    double scaled = Values.number(value) * power;
    return switch (method) {
      case "ceil" -> Math.ceil(scaled) / power;
      case "floor" -> Math.floor(scaled) / power;
      default -> throw TemplateFault.of("'round' by the method '" + method + "'");
    };
  }

  private static Object attribute(Object value, Arguments arguments, Rendering rendering) {
    Object name = arguments.bound("'attr'", 1, "name").get(0).orElseThrow();
    String text = Typed.text("'attr'", name);
    if (value instanceof Map<?, ?> map && MapMethods.find(map, text).isEmpty()) {
      return Undefined.part(value, name);
    }
    return Attributes.attribute(value, text, rendering);
  }
}
