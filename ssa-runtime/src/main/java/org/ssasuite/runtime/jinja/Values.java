package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** What Python says about a template's values: truth, equality, order, length, items. */
final class Values {
  private Values() {}

  static boolean isTrue(Object value) {
    if (value instanceof Boolean b) {
      return b;
    }
    if (value instanceof Long n) {
      return n != 0;
    }
    if (value instanceof Double d) {
      return d != 0;
    }
    if (value instanceof Nothing || value instanceof Undefined) {
      return false;
    }
    OptionalInt length = length(value);
    return length.isEmpty() || length.getAsInt() > 0;
  }

  /** Absent: it has none. */
  static OptionalInt length(Object value) {
    if (value instanceof String text) {
      return OptionalInt.of(text.codePointCount(0, text.length()));
    }
    if (value instanceof Markup markup) {
      return length(markup.text());
    }
    if (value instanceof List<?> list) {
      return OptionalInt.of(list.size());
    }
    if (value instanceof Tuple tuple) {
      return OptionalInt.of(tuple.items().size());
    }
    if (value instanceof Map<?, ?> map) {
      return OptionalInt.of(map.size());
    }
    if (value instanceof MapView view) {
      return OptionalInt.of(view.map().size());
    }
    if (value instanceof Loop loop) {
      return OptionalInt.of(loop.length());
    }
    return value instanceof Undefined ? OptionalInt.of(0) : OptionalInt.empty();
  }

  static int requireLength(Object value) {
    return length(value)
        .orElseThrow(() -> TemplateFault.of("'" + TypeName.of(value) + "' has no length"));
  }

  static boolean isIterable(Object value) {
    return value instanceof String
        || value instanceof Markup
        || value instanceof List
        || value instanceof Tuple
        || value instanceof Map
        || value instanceof MapView
        || value instanceof Iterator
        || value instanceof Undefined;
  }

  /** What a loop goes over; a generator is used up by it. */
  static Iterator<Object> iterator(Object value, Rendering rendering) {
    if (value instanceof String text) {
      rendering.spend(text.length());
      return text.codePoints().<Object>mapToObj(Character::toString).iterator();
    }
    if (value instanceof Markup) {
      throw TemplateFault.of("items of a text behind 'safe'");
    }
    if (value instanceof List<?> list) {
      return Collections.<Object>unmodifiableList(list).iterator();
    }
    if (value instanceof Tuple tuple) {
      return tuple.items().iterator();
    }
    if (value instanceof Map<?, ?> map) {
      return Collections.<Object>unmodifiableSet(map.keySet()).iterator();
    }
    if (value instanceof MapView view) {
      return rendering.made(view.items()).iterator();
    }
    if (value instanceof Iterator<?> iterator) {
      return new Generated(iterator);
    }
    if (value instanceof Undefined) {
      return Collections.emptyIterator();
    }
    throw TemplateFault.of("'" + TypeName.of(value) + "' has no items");
  }

  /** A generator's items, of whatever type. */
  private record Generated(Iterator<?> items) implements Iterator<Object> {
    @Override
    public boolean hasNext() {
      return items.hasNext();
    }

    @Override
    public Object next() {
      return items.next();
    }
  }

  static List<Object> list(Object value, Rendering rendering) {
    List<Object> items = new ArrayList<>();
    Iterator<Object> all = iterator(value, rendering);
    while (all.hasNext()) {
      rendering.spend(1);
      items.add(all.next());
    }
    return items;
  }

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  /** A whole number, as which a truth value counts too. */
  static boolean isWhole(Object value) {
    return value instanceof Long || value instanceof Boolean;
  }

  static long whole(Object value) {
    return value instanceof Boolean b ? (b ? 1 : 0) : (Long) value;
  }

  static double number(Object value) {
    return value instanceof Double d ? d : whole(value);
  }

  static boolean equal(Object a, Object b) {
    if (isNumber(a) && isNumber(b)) {
      boolean whole = isWhole(a) && isWhole(b);
      return whole ? whole(a) == whole(b) : number(a) == number(b);
    }
    if (a instanceof Undefined) {
      return b instanceof Undefined;
    }
    if (a instanceof Markup || b instanceof Markup) {
      return isText(a) && isText(b) && text(a).equals(text(b));
    }
    if (a instanceof Tuple x && b instanceof Tuple y) {
      return equalItems(x.items(), y.items());
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return a instanceof Range == b instanceof Range && equalItems(x, y);
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.size() == y.size()
          && x.entrySet().stream()
              .allMatch(
                  entry ->
                      y.containsKey(entry.getKey())
                          && equal(entry.getValue(), y.get(entry.getKey())));
    }
    return a.equals(b);
  }

  private static boolean isText(Object value) {
    return value instanceof String || value instanceof Markup;
  }

  private static String text(Object value) {
    return value instanceof Markup markup ? markup.text() : (String) value;
  }

  private static boolean equalItems(List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Below 0, 0 or above; a fault for what has no order. */
  static int compare(Object a, Object b) {
    if (isNumber(a) && isNumber(b)) {
      return isWhole(a) && isWhole(b)
          ? Long.compare(whole(a), whole(b))
          : compare(number(a), number(b));
    }
    if (a instanceof String x && b instanceof String y) {
      return compareText(x, y);
    }
    if (a instanceof Tuple x && b instanceof Tuple y) {
      return compareItems(x.items(), y.items());
    }
    if (isList(a) && isList(b)) {
      return compareItems((List<?>) a, (List<?>) b);
    }
    if (a instanceof Undefined undefined) {
      throw undefined.fault();
    }
    if (b instanceof Undefined undefined) {
      throw undefined.fault();
    }
    throw TemplateFault.of("'" + TypeName.of(a) + "' and '" + TypeName.of(b) + "' have no order");
  }

  private static boolean isList(Object value) {
    return value instanceof List && !(value instanceof Range);
  }

  private static int compare(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      throw TemplateFault.of("a comparison with a number that is none");
    }
    return a < b ? -1 : a > b ? 1 : 0;
  }

  /** By code points, not by units of UTF-16. */
  static int compareText(String a, String b) {
    int i = 0;
    while (i < a.length() && i < b.length()) {
      int x = a.codePointAt(i);
      int y = b.codePointAt(i);
      if (x != y) {
        return Integer.compare(x, y);
      }
      i += Character.charCount(x);
    }
    return Integer.compare(a.length(), b.length());
  }

  private static int compareItems(List<?> a, List<?> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return compare(a.get(i), b.get(i));
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  /** Python's {@code in}. */
  static boolean contains(Object all, Object one, Rendering rendering) {
    if (all instanceof String text) {
      if (!(one instanceof String part)) {
        throw TemplateFault.of("'in' a text, of '" + TypeName.of(one) + "'");
      }
      rendering.makeText(text.length());
      return text.contains(part);
    }
    if (all instanceof Map<?, ?> map) {
      return map.containsKey(key(one));
    }
    if (!isIterable(all)) {
      throw TemplateFault.of("'in' of '" + TypeName.of(all) + "'");
    }
    Iterator<Object> items = iterator(all, rendering);
    while (items.hasNext()) {
      rendering.spend(1);
      if (equal(items.next(), one)) {
        return true;
      }
    }
    return false;
  }

  /** A value as a dict has it for a key. */
  static Object key(Object value) {
    if (value instanceof Boolean b) {
      return b ? 1L : 0L;
    }
    if (value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 0x1p53) {
      return d.longValue();
    }
    if (value instanceof List || value instanceof Map) {
      throw TemplateFault.of("'" + TypeName.of(value) + "' as the key of a dict");
    }
    return value;
  }
}
