package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A part of an item by the text that filters take for one: names between points, and places. */
record AttributePath(List<Object> parts) {
  static AttributePath of(Optional<Object> attribute) {
    if (attribute.isEmpty()) {
      return new AttributePath(List.of());
    }
    if (!(attribute.get() instanceof String text)) {
      return new AttributePath(List.of(attribute.get()));
    }
    List<Object> parts = new ArrayList<>();
    for (String part : text.split("\\.", -1)) {
      boolean place = !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
      parts.add(place && part.length() < 10 ? (Object) Long.parseLong(part) : part);
    }
    return new AttributePath(parts);
  }

  Object of(Object item, Rendering rendering) {
    Object value = item;
    for (Object part : parts) {
      rendering.spend(1);
      value = Attributes.item(value, part, rendering);
    }
    return value;
  }
}
