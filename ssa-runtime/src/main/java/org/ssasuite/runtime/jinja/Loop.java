package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a loop's body knows as {@code loop}. Mutable: it goes from item to item, and is called only
 * where the loop is a recursive one.
 *
 * <p>Reference: jinja2 3.1.6, {@code runtime.LoopContext}.
 */
final class Loop implements Function {
  private final Rendering rendering;
  private final int depth0;
  private final Optional<Recursion> recursion;
  private Iterator<Object> items;
  private OptionalInt length;
  private int index0 = -1;
  private Object before = new Undefined("there is no previous item");
  private Object current = new Undefined("there is no previous item");
  private Optional<Object> after = Optional.empty();
  private Optional<List<Object>> changed = Optional.empty();

  /** The loop's body over other items. */
  interface Recursion {
    Object over(Object items, int depth);
  }

  Loop(
      Iterator<Object> items,
      OptionalInt length,
      int depth0,
      Optional<Recursion> recursion,
      Rendering rendering) {
    this.items = items;
    this.length = length;
    this.depth0 = depth0;
    this.recursion = recursion;
    this.rendering = rendering;
  }

  boolean hasNext() {
    return after.isPresent() || items.hasNext();
  }

  Object next() {
    Object next = after.orElseGet(items::next);
    after = Optional.empty();
    index0++;
    before = current;
    current = next;
    return next;
  }

  int length() {
    if (length.isEmpty()) {
      List<Object> rest = new ArrayList<>();
      while (items.hasNext()) {
        rendering.spend(1);
        rest.add(items.next());
      }
      items = rest.iterator();
      length = OptionalInt.of(rest.size() + index0 + 1 + (after.isPresent() ? 1 : 0));
    }
    return length.getAsInt();
  }

  private Optional<Object> peek() {
    if (after.isEmpty() && items.hasNext()) {
      after = Optional.of(items.next());
    }
    return after;
  }

  Optional<Object> find(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "index" -> index0 + 1L;
          case "index0" -> (long) index0;
          case "revindex" -> (long) length() - index0;
          case "revindex0" -> (long) length() - index0 - 1;
          case "first" -> index0 == 0;
          case "last" -> peek().isEmpty();
          case "length" -> (long) length();
          case "depth" -> depth0 + 1L;
          case "depth0" -> (long) depth0;
          case "previtem" -> index0 == 0 ? new Undefined("there is no previous item") : before;
          case "nextitem" -> peek().orElse(new Undefined("there is no next item"));
          case "cycle" -> (Function) (arguments, any) -> cycle(arguments);
          case "changed" -> (Function) (arguments, any) -> changed(arguments);
          default -> null;
        });
  }

  private Object cycle(Arguments arguments) {
    List<Object> all = arguments.positional();
    if (all.isEmpty()) {
      throw TemplateFault.of("'cycle' of nothing");
    }
    return all.get(index0 % all.size());
  }

  private Object changed(Arguments arguments) {
    List<Object> now = arguments.positional();
    boolean same =
        changed.filter(last -> Values.equal(new Tuple(last), new Tuple(now))).isPresent();
    changed = Optional.of(now);
    return !same;
  }

  @Override
  public Object call(Arguments arguments, Rendering any) {
    Recursion body =
        recursion.orElseThrow(
            () -> TemplateFault.of("a call of 'loop', which is not a recursive one"));
    Object items = arguments.bound("'loop'", 1, "iterable").get(0).orElseThrow();
    return rendering.deeper(() -> body.over(items, depth0 + 1));
  }
}
