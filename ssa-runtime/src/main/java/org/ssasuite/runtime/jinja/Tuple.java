package org.ssasuite.runtime.jinja;

import java.util.List;

/** Python's tuple. */
record Tuple(List<Object> items) {
  Tuple {
    items = List.copyOf(items);
  }
}
