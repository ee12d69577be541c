package org.ssasuite.runtime.jinja;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.python.PythonText;

/** Where one text stands in another, in characters as Python counts them. */
final class TextPlaces {
  private TextPlaces() {}

  static Object starts(String text, Arguments arguments) {
    return parts("'startswith'", arguments).stream().anyMatch(text::startsWith);
  }

  static Object ends(String text, Arguments arguments) {
    return parts("'endswith'", arguments).stream().anyMatch(text::endsWith);
  }

  private static List<String> parts(String callee, Arguments arguments) {
    if (arguments.positional().size() > 1) {
      throw TemplateFault.of(callee + " with a place");
    }
    Object part = arguments.bound(callee, 1, "prefix").get(0).orElseThrow();
    return part instanceof Tuple tuple
        ? tuple.items().stream().map(one -> Typed.text(callee, one)).toList()
        : List.of(Typed.text(callee, part));
  }

  static Object find(String callee, String text, Arguments arguments, boolean last) {
    List<Optional<Object>> bound = arguments.bound(callee, 1, "sub", "start", "end");
    String part = Typed.text(callee, bound.get(0).orElseThrow());
    int length = PythonText.length(text);
    int from = bound(callee, bound.get(1), 0, length);
    int to = bound(callee, bound.get(2), length, length);
    if (from > to) {
      return -1L;
    }
    int begin = text.offsetByCodePoints(0, from);
    String within = text.substring(begin, text.offsetByCodePoints(begin, to - from));
    int at = last ? within.lastIndexOf(part) : within.indexOf(part);
    return at < 0 ? -1L : (long) from + within.codePointCount(0, at);
  }

  private static int bound(String callee, Optional<Object> said, int silent, int length) {
    int at = Typed.said(said).map(value -> Typed.whole(callee, value)).orElse(silent);
    return Math.max(0, at < 0 ? at + length : Math.min(at, length + 1));
  }

  static Object index(String callee, String text, Arguments arguments, boolean last) {
    Object at = find(callee, text, arguments, last);
    if (at.equals(-1L)) {
      throw TemplateFault.of(callee + " of a text that is not there");
    }
    return at;
  }

  static Object count(String text, Arguments arguments) {
    String part = Typed.text("'count'", arguments.bound("'count'", 1, "sub").get(0).orElseThrow());
    if (part.isEmpty()) {
      return PythonText.length(text) + 1L;
    }
    long count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }
}
