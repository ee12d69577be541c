package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a dict's {@code keys}, {@code values} and {@code items} give. */
record MapView(Kind kind, Map<?, ?> map) {
  enum Kind {
    KEYS("dict_keys"),
    VALUES("dict_values"),
    ITEMS("dict_items");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  List<Object> items() {
    List<Object> items = new ArrayList<>();
    map.forEach(
        (key, value) ->
            items.add(
                switch (kind) {
                  case KEYS -> key;
                  case VALUES -> value;
                  case ITEMS -> new Tuple(List.of(key, value));
                }));
    return items;
  }

  String name() {
    return kind.text;
  }
}
