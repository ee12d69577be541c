package org.ssasuite.runtime.jinja;

import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Filters that make generators: of each item something, or of all items some. What they give is
 * true even where it is empty, has no length, and is used up once.
 *
 * <p>Reference: jinja2 3.1.6, {@code filters.py}.
 */
final class ChoiceFilters {
  static final Map<String, Filters.Filter> ALL =
      Map.of(
          "map", ChoiceFilters::mapped,
          "select", (v, a, r) -> chosen(v, a, false, true, r),
          "reject", (v, a, r) -> chosen(v, a, false, false, r),
          "selectattr", (v, a, r) -> chosen(v, a, true, true, r),
          "rejectattr", (v, a, r) -> chosen(v, a, true, false, r));

  private ChoiceFilters() {}

  private interface Change {
    Object of(Object item);
  }

  private static Object mapped(Object value, Arguments arguments, Rendering rendering) {
    if (!Values.isTrue(value)) {
      return Collections.emptyIterator();
    }
    return new Mapped(Values.iterator(value, rendering), change(arguments, rendering));
  }

  private static Change change(Arguments arguments, Rendering rendering) {
    if (!arguments.positional().isEmpty()) {
      String name = Typed.text("'map'", arguments.positional().get(0));
      Arguments rest = arguments.from(1);
      return item -> Filters.apply(name, item, rest, rendering);
    }
    Map<String, Object> named = new HashMap<>(arguments.named());
    Object attribute = named.remove("attribute");
    Optional<Object> silent = Typed.said(Optional.ofNullable(named.remove("default")));
    if (attribute == null || !named.isEmpty()) {
      throw TemplateFault.of("'map' without a filter and an attribute");
    }
    AttributePath path = AttributePath.of(Optional.of(attribute));
    if (silent.isPresent() && path.parts().size() > 1) {
      throw TemplateFault.of("'map' with a default for a path");
    }
    return item -> {
      Object part = path.of(item, rendering);
      return part instanceof Undefined ? silent.orElse(part) : part;
    };
  }

  private record Mapped(Iterator<Object> items, Change change) implements Iterator<Object> {
    @Override
    public boolean hasNext() {
      return items.hasNext();
    }

    @Override
    public Object next() {
      return change.of(items.next());
    }
  }

  private static Object chosen(
      Object value, Arguments arguments, boolean attribute, boolean kept, Rendering rendering) {
    if (!Values.isTrue(value)) {
      return Collections.emptyIterator();
    }
    List<Object> said = arguments.positional();
    int first = attribute ? 1 : 0;
    if (said.size() < first) {
      throw TemplateFault.of("'selectattr' without an attribute");
    }
    AttributePath path = AttributePath.of(attribute ? Optional.of(said.get(0)) : Optional.empty());
    Predicate<Object> test =
        said.size() > first
            ? test(Typed.text("'select'", said.get(first)), arguments.from(first + 1), rendering)
            : Values::isTrue;
    return new Chosen(
        Values.iterator(value, rendering),
        item -> test.test(path.of(item, rendering)) == kept,
        rendering);
  }

  private static Predicate<Object> test(String name, Arguments arguments, Rendering rendering) {
    return item -> Tests.holds(name, item, arguments, rendering);
  }

  /** Mutable: looks ahead for the next one. */
  private static final class Chosen implements Iterator<Object> {
    private final Iterator<Object> items;
    private final Predicate<Object> test;
    private final Rendering rendering;
    private Optional<Object> next = Optional.empty();

    Chosen(Iterator<Object> items, Predicate<Object> test, Rendering rendering) {
      this.items = items;
      this.test = test;
      this.rendering = rendering;
    }

    @Override
    public boolean hasNext() {
      while (next.isEmpty() && items.hasNext()) {
        rendering.spend(1);
        next = Optional.of(items.next()).filter(test);
      }
      return next.isPresent();
    }

    @Override
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Object item = next.orElseThrow();
      next = Optional.empty();
      return item;
    }
  }
}
