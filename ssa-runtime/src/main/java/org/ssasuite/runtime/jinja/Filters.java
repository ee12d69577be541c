package org.ssasuite.runtime.jinja;

import java.util.HashMap;
import java.util.Map;

/** What can stand behind a bar. */
final class Filters {
  private static final Map<String, Filter> ALL = all();

  private Filters() {}

  /** A filter. */
  interface Filter {
    Object of(Object value, Arguments arguments, Rendering rendering);
  }

  private static Map<String, Filter> all() {
    Map<String, Filter> all = new HashMap<>(TextFilters.ALL);
    all.putAll(ValueFilters.ALL);
    all.putAll(ItemFilters.ALL);
    all.putAll(ChoiceFilters.ALL);
    return Map.copyOf(all);
  }

  /**
   * A filtered value.
   *
   * @throws TemplateFault if there is no such filter
   */
  static Object apply(String name, Object value, Arguments arguments, Rendering rendering) {
    Filter filter = ALL.get(name);
    if (filter == null) {
      throw TemplateFault.of("the filter '" + name + "'");
    }
    return filter.of(value, arguments, rendering);
  }
}
