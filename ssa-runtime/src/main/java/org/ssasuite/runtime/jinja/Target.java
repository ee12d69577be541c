package org.ssasuite.runtime.jinja;

import java.util.List;

/** What a value is given to. */
sealed interface Target {
  void set(Object value, Scope scope);

  record OneName(String name) implements Target {
    @Override
    public void set(Object value, Scope scope) {
      scope.set(name, value);
    }
  }

  record Several(List<Target> targets) implements Target {
    @Override
    public void set(Object value, Scope scope) {
      List<Object> values = Values.list(value, scope.rendering());
      if (values.size() != targets.size()) {
        throw TemplateFault.of(values.size() + " values for " + targets.size() + " names");
      }
      for (int i = 0; i < values.size(); i++) {
        targets.get(i).set(values.get(i), scope);
      }
    }
  }

  /** A name of a namespace. */
  record Part(String namespace, String name) implements Target {
    @Override
    public void set(Object value, Scope scope) {
      if (!(scope.get(namespace) instanceof Namespace found)) {
        throw TemplateFault.of("'" + namespace + "' is no namespace");
      }
      found.values().put(name, value);
    }
  }
}
