package org.ssasuite.runtime.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Methods of dicts, lists and tuples that change nothing. */
final class MapMethods {
  private MapMethods() {}

  /** A dict's. */
  static Optional<Object> find(Map<?, ?> map, String name) {
    return switch (name) {
      case "get" -> method((arguments, rendering) -> got(map, arguments));
      case "items" -> method(view(map, MapView.Kind.ITEMS, name));
      case "keys" -> method(view(map, MapView.Kind.KEYS, name));
      case "values" -> method(view(map, MapView.Kind.VALUES, name));
      case "copy" ->
          method(
              (arguments, rendering) -> {
                arguments.requireNone(name);
                rendering.spend(map.size());
                return new LinkedHashMap<Object, Object>(map);
              });
      case "fromkeys" -> throw TemplateFault.of("'fromkeys' of a dict");
      default -> Optional.empty();
    };
  }

  private static Function view(Map<?, ?> map, MapView.Kind kind, String name) {
    return (arguments, rendering) -> {
      arguments.requireNone(name);
      return new MapView(kind, map);
    };
  }

  private static Object got(Map<?, ?> map, Arguments arguments) {
    if (!arguments.named().isEmpty()) {
      throw TemplateFault.of("'get' takes no argument by its name");
    }
    List<Optional<Object>> bound = arguments.bound("'get'", 1, "key", "default");
    Object value = map.get(Values.key(bound.get(0).orElseThrow()));
    return value == null ? bound.get(1).orElse(Nothing.NONE) : value;
  }

  /** A list's, or a tuple's. */
  static Optional<Object> ofItems(List<?> items, String name) {
    return switch (name) {
      case "count" ->
          method(
              (arguments, rendering) -> {
                Object one = arguments.bound("'count'", 1, "value").get(0).orElseThrow();
                rendering.spend(items.size());
                return items.stream().filter(item -> Values.equal(item, one)).count();
              });
      case "index" -> method((arguments, rendering) -> index(items, arguments, rendering));
      case "copy" ->
          method(
              (arguments, rendering) -> {
                arguments.requireNone(name);
                return rendering.made(List.<Object>copyOf(items));
              });
      default -> Optional.empty();
    };
  }

  private static Object index(List<?> items, Arguments arguments, Rendering rendering) {
    Object one = arguments.bound("'index'", 1, "value").get(0).orElseThrow();
    rendering.spend(items.size());
    for (int i = 0; i < items.size(); i++) {
      if (Values.equal(items.get(i), one)) {
        return (long) i;
      }
    }
    throw TemplateFault.of("'index' of an item that is not there");
  }

  private static Optional<Object> method(Function function) {
    return Optional.of(function);
  }
}
