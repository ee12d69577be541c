package org.ssasuite.runtime.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code namespace()} gives: names whose values blocks inside of others may set. Mutable. */
final class Namespace {
  private final Map<String, Object> values = new LinkedHashMap<>();

  Map<String, Object> values() {
    return values;
  }
}
