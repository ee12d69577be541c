package org.ssasuite.runtime.jinja;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Names and what they stand for, inside of a scope around. Mutable: a template sets names; what is
 * set in an inner scope is gone behind it.
 */
final class Scope {
  private final Optional<Scope> around;
  private final Map<String, Object> names = new HashMap<>();
  private final Rendering rendering;

  private final IdentityHashMap<List<Statement>, Set<String>> hidden;

  private Scope(
      Optional<Scope> around,
      Rendering rendering,
      IdentityHashMap<List<Statement>, Set<String>> hidden) {
    this.around = around;
    this.rendering = rendering;
    this.hidden = hidden;
  }

  /**
   * The outermost one.
   *
   * @param hidden names that bodies hide, by the bodies themselves
   */
  static Scope of(
      Map<String, Object> names,
      Rendering rendering,
      IdentityHashMap<List<Statement>, Set<String>> hidden) {
    Scope scope = new Scope(Optional.empty(), rendering, hidden);
    scope.names.putAll(Globals.ALL);
    scope.names.putAll(names);
    return scope;
  }

  /** One for a body. */
  Scope inner(List<Statement> body) {
    Scope inner = inner();
    hidden
        .getOrDefault(body, Set.of())
        .forEach(name -> inner.names.put(name, Undefined.name(name)));
    return inner;
  }

  /** One for an expression. */
  Scope inner() {
    return new Scope(Optional.of(this), rendering, hidden);
  }

  Rendering rendering() {
    return rendering;
  }

  void set(String name, Object value) {
    names.put(name, value);
  }

  Object get(String name) {
    Scope scope = this;
    while (true) {
      Object value = scope.names.get(name);
      if (value != null) {
        return value;
      }
      if (scope.around.isEmpty()) {
        return Undefined.name(name);
      }
      scope = scope.around.get();
    }
  }
}
