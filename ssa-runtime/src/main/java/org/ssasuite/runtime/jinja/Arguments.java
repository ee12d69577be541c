package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What something is called with. */
record Arguments(List<Object> positional, Map<String, Object> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  Arguments {
    positional = List.copyOf(positional);
    named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
  }

  static Arguments of(Object... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /** Without the first so many. */
  Arguments from(int first) {
    return new Arguments(positional.subList(first, positional.size()), named);
  }

  /**
   * By the names of what is called.
   *
   * @param callee in messages
   * @param required so many of the names must be there
   * @throws TemplateFault for one that is missing, too much or unknown
   */
  List<Optional<Object>> bound(String callee, int required, String... names) {
    if (positional.size() > names.length) {
      throw TemplateFault.of(
          callee + " takes " + names.length + " arguments, not " + positional.size());
    }
    Map<String, Object> others = new LinkedHashMap<>(named);
    List<Optional<Object>> bound = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      Optional<Object> byName = Optional.ofNullable(others.remove(names[i]));
      if (i < positional.size() && byName.isPresent()) {
        throw TemplateFault.of(callee + " has its argument '" + names[i] + "' twice");
      }
      Optional<Object> value = i < positional.size() ? Optional.of(positional.get(i)) : byName;
      if (i < required && value.isEmpty()) {
        throw TemplateFault.of(callee + " needs its argument '" + names[i] + "'");
      }
      bound.add(value);
    }
    if (!others.isEmpty()) {
      throw TemplateFault.of(
          callee + " has no argument '" + others.keySet().iterator().next() + "'");
    }
    return bound;
  }

  /** Of something that takes none. */
  void requireNone(String callee) {
    bound(callee, 0);
  }
}
