package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.python.PythonText;

/**
 * Filters that give items, or one of them.
 *
 * <p>Reference: jinja2 3.1.6, {@code filters.py}.
 */
final class ItemFilters {
  static final Map<String, Filters.Filter> ALL =
      Map.ofEntries(
          Map.entry("list", (v, a, r) -> listed(v, a, r)),
          Map.entry("first", (v, a, r) -> first(v, a, r)),
          Map.entry("last", (v, a, r) -> last(v, a, r)),
          Map.entry("reverse", ItemFilters::reversed),
          Map.entry("items", ItemFilters::pairs),
          Map.entry("dictsort", ItemFilters::sortedPairs),
          Map.entry("sort", ItemFilters::sorted),
          Map.entry("unique", ItemFilters::unique),
          Map.entry("min", (v, a, r) -> extreme("'min'", v, a, r)),
          Map.entry("max", (v, a, r) -> extreme("'max'", v, a, r)),
          Map.entry("sum", ItemFilters::sum),
          Map.entry("batch", ItemFilters::batches));

  private ItemFilters() {}

  private static Object listed(Object value, Arguments arguments, Rendering rendering) {
    arguments.requireNone("'list'");
    return Values.list(value, rendering);
  }

  private static Object first(Object value, Arguments arguments, Rendering rendering) {
    arguments.requireNone("'first'");
    Iterator<Object> items = Values.iterator(value, rendering);
    return items.hasNext() ? items.next() : new Undefined("there is no first item");
  }

  private static Object last(Object value, Arguments arguments, Rendering rendering) {
    arguments.requireNone("'last'");
    if (value instanceof Iterator) {
      throw TemplateFault.of("'last' of a generator");
    }
    List<Object> items = Values.list(value, rendering);
    return items.isEmpty() ? new Undefined("there is no last item") : items.get(items.size() - 1);
  }

  private static Object reversed(Object value, Arguments arguments, Rendering rendering) {
    arguments.requireNone("'reverse'");
    if (value instanceof String text) {
      int[] characters = text.codePoints().toArray();
      StringBuilder reversed = new StringBuilder();
      for (int i = characters.length - 1; i >= 0; i--) {
        reversed.appendCodePoint(characters[i]);
      }
      return rendering.made(reversed.toString());
    }
    List<Object> items = Values.list(value, rendering);
    Collections.reverse(items);
    // A list of it where there is one already, else a generator: jinja2 tries 'reversed' first.
    return value instanceof Iterator ? items : items.iterator();
  }

  private static Object pairs(Object value, Arguments arguments, Rendering rendering) {
    arguments.requireNone("'items'");
    if (value instanceof Undefined) {
      return Collections.emptyIterator();
    }
    return new MapView(MapView.Kind.ITEMS, map("'items'", value)).items().iterator();
  }

  private static Map<?, ?> map(String callee, Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    throw TemplateFault.of(callee + " of '" + TypeName.of(value) + "'");
  }

  private static Object sortedPairs(Object value, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound =
        arguments.bound("'dictsort'", 0, "case_sensitive", "by", "reverse");
    boolean cased = Typed.isTrue(bound.get(0));
    Object by = bound.get(1).orElse("key");
    if (!by.equals("key") && !by.equals("value")) {
      throw TemplateFault.of("'dictsort' by other than 'key' or 'value'");
    }
    List<Object> pairs = new MapView(MapView.Kind.ITEMS, map("'dictsort'", value)).items();
    int part = by.equals("key") ? 0 : 1;
    sort(
        pairs,
        pair -> caseless(((Tuple) pair).items().get(part), cased),
        Typed.isTrue(bound.get(2)),
        rendering);
    return pairs;
  }

  private interface Key {
    Object of(Object item);
  }

  /** Stable, also where the order is the opposite one. */
  private static void sort(List<Object> items, Key key, boolean reverse, Rendering rendering) {
    List<Object[]> keyed = new ArrayList<>();
    for (Object item : items) {
      rendering.spend(1);
      keyed.add(new Object[] {key.of(item), item});
    }
    Comparator<Object[]> order =
        (a, b) -> {
          rendering.spend(1);
          return Values.compare(a[0], b[0]);
        };
    keyed.sort(reverse ? order.reversed() : order);
    for (int i = 0; i < keyed.size(); i++) {
      items.set(i, keyed.get(i)[1]);
    }
  }

  private static Object caseless(Object value, boolean cased) {
    return !cased && value instanceof String text ? PythonText.lower(text) : value;
  }

  private static Object sorted(Object value, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound =
        arguments.bound("'sort'", 0, "reverse", "case_sensitive", "attribute");
    boolean cased = Typed.isTrue(bound.get(1));
    Optional<Object> attribute = Typed.said(bound.get(2));
    if (attribute.filter(one -> one instanceof String text && text.contains(",")).isPresent()) {
      throw TemplateFault.of("'sort' by several attributes");
    }
    AttributePath path = AttributePath.of(attribute);
    List<Object> items = Values.list(value, rendering);
    sort(
        items,
        item -> caseless(path.of(item, rendering), cased),
        Typed.isTrue(bound.get(0)),
        rendering);
    return items;
  }

  private static Object unique(Object value, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound = arguments.bound("'unique'", 0, "case_sensitive", "attribute");
    boolean cased = Typed.isTrue(bound.get(0));
    AttributePath path = AttributePath.of(Typed.said(bound.get(1)));
    Set<Object> seen = new HashSet<>();
    List<Object> kept = new ArrayList<>();
    for (Object item : Values.list(value, rendering)) {
      if (seen.add(Values.key(caseless(path.of(item, rendering), cased)))) {
        kept.add(item);
      }
    }
    return kept.iterator();
  }

  private static Object extreme(
      String callee, Object value, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound = arguments.bound(callee, 0, "case_sensitive", "attribute");
    boolean cased = Typed.isTrue(bound.get(0));
    AttributePath path = AttributePath.of(Typed.said(bound.get(1)));
    List<Object> items = Values.list(value, rendering);
    if (items.isEmpty()) {
      return new Undefined("there is no item to choose");
    }
    Object chosen = items.get(0);
    for (Object item : items.subList(1, items.size())) {
      int order =
          Values.compare(
              caseless(path.of(item, rendering), cased),
              caseless(path.of(chosen, rendering), cased));
      if (callee.equals("'min'") ? order < 0 : order > 0) {
        chosen = item;
      }
    }
    return chosen;
  }

  private static Object sum(Object value, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound = arguments.bound("'sum'", 0, "attribute", "start");
    AttributePath path = AttributePath.of(Typed.said(bound.get(0)));
    Object sum = bound.get(1).orElse(0L);
    if (sum instanceof String) {
      throw TemplateFault.of("'sum' of texts");
    }
    for (Object item : Values.list(value, rendering)) {
      sum = Operator.ADD.of(sum, path.of(item, rendering), rendering);
    }
    return sum;
  }

  private static Object batches(Object value, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound = arguments.bound("'batch'", 1, "linecount", "fill_with");
    int size = Typed.whole("'batch'", bound.get(0).orElseThrow());
    if (size < 1) {
      throw TemplateFault.of("'batch' of less than one item");
    }
    List<Object> batches = new ArrayList<>();
    List<Object> batch = new ArrayList<>();
    for (Object item : Values.list(value, rendering)) {
      if (batch.size() == size) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
      batch.add(item);
    }
    Optional<Object> fill = Typed.said(bound.get(1));
    rendering.spend(fill.isPresent() && !batch.isEmpty() ? size : 0);
    while (fill.isPresent() && !batch.isEmpty() && batch.size() < size) {
      batch.add(fill.get());
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches.iterator();
  }
}
