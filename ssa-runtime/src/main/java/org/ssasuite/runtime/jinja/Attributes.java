package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Parts of values: {@code a.b}, {@code a['b']} and slices.
 *
 * <p>Reference: jinja2 3.1.6, {@code sandbox.py}, {@code getattr} and {@code getitem}.
 */
final class Attributes {
  /** What a sandbox whose values cannot be changed has not. */
  private static final Set<String> CHANGING =
      Set.of(
          "append",
          "clear",
          "extend",
          "insert",
          "pop",
          "popitem",
          "remove",
          "reverse",
          "setdefault",
          "sort",
          "update");

  private Attributes() {}

  /** {@code value.name}. */
  static Object attribute(Object value, String name, Rendering rendering) {
    return own(value, name).orElseGet(() -> byKey(value, name));
  }

  /** {@code value[key]}. */
  static Object item(Object value, Object key, Rendering rendering) {
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    Object found = byKey(value, key);
    if (found instanceof Undefined && key instanceof String name) {
      return own(value, name).orElse(found);
    }
    return found;
  }

  /** What Python's {@code getattr} finds. */
  private static Optional<Object> own(Object value, String name) {
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    if (name.startsWith("_")) {
      throw TemplateFault.of("'" + name + "', a name that a sandbox keeps to itself");
    }
    boolean changes = CHANGING.contains(name);
    if (changes && (value instanceof Map || (value instanceof List && !(value instanceof Range)))) {
      throw TemplateFault.of("'" + name + "', which changes a value");
    }
    if (value instanceof String text) {
      return TextMethods.find(text, name);
    }
    if (value instanceof Map<?, ?> map) {
      return MapMethods.find(map, name);
    }
    if (value instanceof Namespace namespace) {
      return Optional.ofNullable(namespace.values().get(name));
    }
    if (value instanceof Loop loop) {
      return loop.find(name);
    }
    if (value instanceof Globals.Cycler cycler) {
      return cycler.find(name);
    }
    return ownOfOthers(value, name);
  }

  private static Optional<Object> ownOfOthers(Object value, String name) {
    if (value instanceof List<?> list) {
      return MapMethods.ofItems(list, name);
    }
    if (value instanceof Tuple tuple) {
      return MapMethods.ofItems(tuple.items(), name);
    }
    if (value instanceof Markup) {
      throw TemplateFault.of("'" + name + "' of a text behind 'safe'");
    }
    boolean has = value instanceof Long || value instanceof Double || value instanceof Boolean;
    if (has && Set.of("real", "imag", "numerator", "denominator").contains(name)) {
      throw TemplateFault.of("'" + name + "' of a number");
    }
    return Optional.empty();
  }

  private static Object byKey(Object value, Object key) {
    Object found = null;
    if (value instanceof Map<?, ?> map) {
      found = key instanceof List || key instanceof Map ? null : map.get(Values.key(key));
    } else if (value instanceof List<?> list && Values.isWhole(key)) {
      found = at(list, Values.whole(key));
    } else if (value instanceof Tuple tuple && Values.isWhole(key)) {
      found = at(tuple.items(), Values.whole(key));
    } else if (value instanceof String text && Values.isWhole(key)) {
      found = character(text, Values.whole(key));
    } else if (value instanceof Markup) {
      throw TemplateFault.of("a part of a text behind 'safe'");
    }
    return found == null ? Undefined.part(value, key) : found;
  }

  private static Object at(List<?> items, long index) {
    long at = index < 0 ? index + items.size() : index;
    return at >= 0 && at < items.size() ? items.get((int) at) : null;
  }

  private static Object character(String text, long index) {
    int length = text.codePointCount(0, text.length());
    long at = index < 0 ? index + length : index;
    return at >= 0 && at < length
        ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at)))
        : null;
  }

  /** {@code value[from:to:step]}; Python's {@code None} stands for an end that is not said. */
  static Object slice(Object value, Object from, Object to, Object step, Rendering rendering) {
    long by = step == Nothing.NONE ? 1 : Typed.whole("a slice's step", step);
    if (by == 0) {
      throw TemplateFault.of("a slice with a step of 0");
    }
    if (value instanceof String text) {
      int[] characters = text.codePoints().toArray();
      StringBuilder kept = new StringBuilder();
      for (int at : places(characters.length, from, to, by)) {
        kept.appendCodePoint(characters[at]);
      }
      rendering.makeText(characters.length);
      return kept.toString();
    }
    if (value instanceof List<?> list) {
      return sliced(list, from, to, by, rendering);
    }
    if (value instanceof Tuple tuple) {
      return new Tuple(sliced(tuple.items(), from, to, by, rendering));
    }
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    if (value instanceof Markup) {
      throw TemplateFault.of("a part of a text behind 'safe'");
    }
    throw TemplateFault.of("a slice of '" + TypeName.of(value) + "'");
  }

  private static List<Object> sliced(
      List<?> items, Object from, Object to, long by, Rendering rendering) {
    List<Object> kept = new ArrayList<>();
    for (int at : places(items.size(), from, to, by)) {
      kept.add(items.get(at));
    }
    return rendering.made(kept);
  }

  private static int[] places(int size, Object from, Object to, long by) {
    long begin = by > 0 ? 0 : size - 1L;
    long end = by > 0 ? size : -1;
    if (from != Nothing.NONE) {
      begin = bounded(Typed.whole("a slice's begin", from), size, by);
    }
    if (to != Nothing.NONE) {
      end = bounded(Typed.whole("a slice's end", to), size, by);
    }
    long count = by > 0 ? (end - begin + by - 1) / by : (begin - end - by - 1) / -by;
    int[] places = new int[(int) Math.max(0, count)];
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) (begin + i * by);
    }
    return places;
  }

  private static long bounded(long at, int size, long by) {
    long own = at < 0 ? at + size : at;
    return by > 0 ? Math.max(0, Math.min(size, own)) : Math.max(-1, Math.min(size - 1L, own));
  }
}
