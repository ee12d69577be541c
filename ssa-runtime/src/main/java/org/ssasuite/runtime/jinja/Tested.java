package org.ssasuite.runtime.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The items of a loop that its {@code if} holds for. Mutable: looks ahead for the next one. */
final class Tested implements Iterator<Object> {
  private final Iterator<Object> items;
  private final Target target;
  private final Expression test;
  private final Scope scope;
  private Optional<Object> next = Optional.empty();

  Tested(Iterator<Object> items, Target target, Expression test, Scope scope) {
    this.items = items;
    this.target = target;
    this.test = test;
    this.scope = scope;
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty() && items.hasNext()) {
      scope.rendering().spend(1);
      Object item = items.next();
      Scope inner = scope.inner();
      target.set(item, inner);
      next = Values.isTrue(test.value(inner)) ? Optional.of(item) : Optional.empty();
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
