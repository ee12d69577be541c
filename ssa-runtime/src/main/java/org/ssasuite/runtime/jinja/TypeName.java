package org.ssasuite.runtime.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What Python calls a value's type. */
final class TypeName {
  private TypeName() {}

  static String of(Object value) {
    if (value instanceof Nothing) {
      return "NoneType";
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    if (value instanceof Long) {
      return "int";
    }
    if (value instanceof Double) {
      return "float";
    }
    if (value instanceof String) {
      return "str";
    }
    if (value instanceof Markup) {
      return "Markup";
    }
    if (value instanceof Range) {
      return "range";
    }
    return value instanceof List ? "list" : ofOther(value);
  }

  private static String ofOther(Object value) {
    if (value instanceof Tuple) {
      return "tuple";
    }
    if (value instanceof Map) {
      return "dict";
    }
    if (value instanceof MapView) {
      return "dict view";
    }
    if (value instanceof Iterator) {
      return "generator";
    }
    if (value instanceof Undefined) {
      return "Undefined";
    }
    return value.getClass().getSimpleName();
  }
}
