package org.ssasuite.runtime.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names that every template has. */
final class Globals {
  static final Map<String, Object> ALL =
      Map.of(
          "range", (Function) (arguments, rendering) -> range(arguments),
          "dict", (Function) (arguments, rendering) -> map(arguments),
          "namespace", (Function) (arguments, rendering) -> namespace(arguments),
          "cycler", (Function) (arguments, rendering) -> new Cycler(arguments.positional()),
          "joiner", (Function) (arguments, rendering) -> joiner(arguments),
          "lipsum", (Function) (arguments, rendering) -> refuse("lipsum"),
          "raise_exception", (Function) (arguments, rendering) -> raise(arguments, rendering),
          "strftime_now", (Function) Globals::now);

  private Globals() {}

  private static Object range(Arguments arguments) {
    List<Optional<Object>> bound = arguments.bound("'range'", 1, "start", "stop", "step");
    long first = Typed.whole("'range'", bound.get(0).orElseThrow());
    long step = bound.get(2).map(value -> Typed.whole("'range'", value)).orElse(1);
    return bound.get(1).isEmpty()
        ? new Range(0, first, step)
        : new Range(first, Typed.whole("'range'", bound.get(1).get()), step);
  }

  private static Map<Object, Object> map(Arguments arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (!arguments.positional().isEmpty()) {
      if (!(arguments.positional().get(0) instanceof Map<?, ?> first)
          || arguments.positional().size() > 1) {
        throw TemplateFault.of("'dict' of something else than one dict");
      }
      map.putAll(first);
    }
    map.putAll(arguments.named());
    return map;
  }

  private static Object namespace(Arguments arguments) {
    Namespace namespace = new Namespace();
    map(arguments)
        .forEach((name, value) -> namespace.values().put(Typed.text("'namespace'", name), value));
    return namespace;
  }

  /** Goes round its items. Mutable. */
  static final class Cycler {
    private final List<Object> items;
    private int at;

    Cycler(List<Object> items) {
      if (items.isEmpty()) {
        throw TemplateFault.of("'cycler' of nothing");
      }
      this.items = items;
    }

    Optional<Object> find(String name) {
      return switch (name) {
        case "current" -> Optional.of(items.get(at));
        case "next" -> Optional.of((Function) (arguments, rendering) -> next());
        case "reset" -> Optional.of((Function) (arguments, rendering) -> reset());
        default -> Optional.empty();
      };
    }

    private Object next() {
      Object item = items.get(at);
      at = (at + 1) % items.size();
      return item;
    }

    private Object reset() {
      at = 0;
      return Nothing.NONE;
    }
  }

  private static Object joiner(Arguments arguments) {
    Object between = arguments.bound("'joiner'", 0, "sep").get(0).orElse(", ");
    boolean[] used = {false};
    return (Function)
        (none, rendering) -> {
          boolean again = used[0];
          used[0] = true;
          return again ? between : "";
        };
  }

  private static Object refuse(String name) {
    throw TemplateFault.of("'" + name + "'");
  }

  private static Object raise(Arguments arguments, Rendering rendering) {
    Object message = arguments.bound("'raise_exception'", 1, "message").get(0).orElseThrow();
    throw TemplateFault.of("the template says: " + ValueText.of(message, rendering));
  }

  private static Object now(Arguments arguments, Rendering rendering) {
    Object format = arguments.bound("'strftime_now'", 1, "format").get(0).orElseThrow();
    return DateText.of(
        rendering
            .date()
            .orElseThrow(
                () ->
                    TemplateFault.of(
                        "'strftime_now' asks for the day, on which no score may depend: say one"
                            + " with --chat-date")),
        Typed.text("'strftime_now'", format));
  }
}
