package org.ssasuite.runtime.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.python.PythonText;

/** What can stand behind {@code is}. */
final class Tests {
  private static final Map<String, Comparator> COMPARATORS =
      Map.ofEntries(
          Map.entry("==", Comparator.EQUAL),
          Map.entry("eq", Comparator.EQUAL),
          Map.entry("equalto", Comparator.EQUAL),
          Map.entry("!=", Comparator.UNEQUAL),
          Map.entry("ne", Comparator.UNEQUAL),
          Map.entry(">", Comparator.GREATER),
          Map.entry("gt", Comparator.GREATER),
          Map.entry("greaterthan", Comparator.GREATER),
          Map.entry(">=", Comparator.GREATER_OR_EQUAL),
          Map.entry("ge", Comparator.GREATER_OR_EQUAL),
          Map.entry("<", Comparator.LESS),
          Map.entry("lt", Comparator.LESS),
          Map.entry("lessthan", Comparator.LESS),
          Map.entry("<=", Comparator.LESS_OR_EQUAL),
          Map.entry("le", Comparator.LESS_OR_EQUAL),
          Map.entry("in", Comparator.IN));

  private Tests() {}

  static boolean holds(String name, Object value, Arguments arguments, Rendering rendering) {
    Comparator comparator = COMPARATORS.get(name);
    if (comparator != null) {
      return comparator.holds(value, one(name, arguments), rendering);
    }
    if (name.equals("divisibleby")) {
      return Values.equal(Operator.REMAINDER.of(value, one(name, arguments), rendering), 0L);
    }
    if (name.equals("sameas")) {
      return isSame(value, one(name, arguments));
    }
    arguments.requireNone("'" + name + "'");
    return holds(name, value, rendering);
  }

  private static Object one(String name, Arguments arguments) {
    List<Optional<Object>> bound = arguments.bound("'" + name + "'", 1, "other");
    return bound.get(0).orElseThrow();
  }

  /** There is one of each of these only; of others it is Python's memory that decides. */
  private static boolean isSame(Object a, Object b) {
    if (isSingle(a) || isSingle(b)) {
      return a.equals(b);
    }
    throw TemplateFault.of("'sameas' of '" + TypeName.of(a) + "'");
  }

  private static boolean isSingle(Object value) {
    return value instanceof Boolean || value instanceof Nothing;
  }

  private static boolean holds(String name, Object value, Rendering rendering) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value instanceof Nothing;
      case "boolean" -> value instanceof Boolean;
      case "true" -> value.equals(true);
      case "false" -> value.equals(false);
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "number" -> Values.isNumber(value);
      case "string" -> value instanceof String || value instanceof Markup;
      case "mapping" -> value instanceof Map;
      case "sequence" -> isSequence(value);
      case "iterable" -> Values.isIterable(value) || value instanceof Loop;
      case "callable" -> value instanceof Function || value instanceof Undefined;
      case "odd" -> Values.equal(Operator.REMAINDER.of(value, 2L, rendering), 1L);
      case "even" -> Values.equal(Operator.REMAINDER.of(value, 2L, rendering), 0L);
      case "lower" -> TextKinds.isLower(ValueText.of(value, rendering));
      case "upper" -> TextKinds.isUpper(ValueText.of(value, rendering));
      default -> throw TemplateFault.of("the test '" + PythonText.strip(name) + "'");
    };
  }

  /** What has a length and can be asked for an item by its place or its key. */
  private static boolean isSequence(Object value) {
    return value instanceof String
        || value instanceof Markup
        || value instanceof List
        || value instanceof Tuple
        || value instanceof Map
        || value instanceof Undefined;
  }
}
