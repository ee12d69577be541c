package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.python.PythonText;

/** Methods of Python's {@code str}. */
final class TextMethods {
  /** Those that are refused by their name. */
  private static final Set<String> OTHERS =
      Set.of(
          "casefold",
          "encode",
          "expandtabs",
          "format_map",
          "isascii",
          "isdecimal",
          "isidentifier",
          "isnumeric",
          "isprintable",
          "istitle",
          "maketrans",
          "swapcase",
          "translate");

  private static final Map<String, Method> METHODS =
      Map.ofEntries(
          Map.entry("strip", (t, a, r) -> stripped("'strip'", t, a, true, true)),
          Map.entry("lstrip", (t, a, r) -> stripped("'lstrip'", t, a, true, false)),
          Map.entry("rstrip", (t, a, r) -> stripped("'rstrip'", t, a, false, true)),
          Map.entry("split", (t, a, r) -> r.made(TextCuts.split(t, a))),
          Map.entry("rsplit", (t, a, r) -> r.made(TextCuts.splitFromTheRight(t, a))),
          Map.entry("splitlines", (t, a, r) -> r.made(lines(t, a))),
          Map.entry("partition", (t, a, r) -> TextCuts.partition(t, a, false)),
          Map.entry("rpartition", (t, a, r) -> TextCuts.partition(t, a, true)),
          Map.entry("join", TextMethods::joined),
          Map.entry("replace", TextMethods::replaced),
          Map.entry("startswith", (t, a, r) -> TextPlaces.starts(t, a)),
          Map.entry("endswith", (t, a, r) -> TextPlaces.ends(t, a)),
          Map.entry("find", (t, a, r) -> TextPlaces.find("'find'", t, a, false)),
          Map.entry("rfind", (t, a, r) -> TextPlaces.find("'rfind'", t, a, true)),
          Map.entry("index", (t, a, r) -> TextPlaces.index("'index'", t, a, false)),
          Map.entry("rindex", (t, a, r) -> TextPlaces.index("'rindex'", t, a, true)),
          Map.entry("count", (t, a, r) -> TextPlaces.count(t, a)),
          Map.entry("removeprefix", (t, a, r) -> without(t, a, true)),
          Map.entry("removesuffix", (t, a, r) -> without(t, a, false)),
          Map.entry("lower", (t, a, r) -> plain("'lower'", a, PythonText.lower(t))),
          Map.entry("upper", (t, a, r) -> plain("'upper'", a, PythonText.upper(t))),
          Map.entry("capitalize", (t, a, r) -> plain("'capitalize'", a, PythonText.capitalize(t))),
          Map.entry("title", (t, a, r) -> plain("'title'", a, TextKinds.title(t))),
          Map.entry("isdigit", (t, a, r) -> plain("'isdigit'", a, TextKinds.isDigit(t))),
          Map.entry("isalpha", (t, a, r) -> plain("'isalpha'", a, TextKinds.isAlpha(t))),
          Map.entry("isalnum", (t, a, r) -> plain("'isalnum'", a, TextKinds.isAlphanumeric(t))),
          Map.entry("isspace", (t, a, r) -> plain("'isspace'", a, TextKinds.isSpace(t))),
          Map.entry("isupper", (t, a, r) -> plain("'isupper'", a, TextKinds.isUpper(t))),
          Map.entry("islower", (t, a, r) -> plain("'islower'", a, TextKinds.isLower(t))),
          Map.entry("ljust", (t, a, r) -> padded("'ljust'", t, a, r)),
          Map.entry("rjust", (t, a, r) -> padded("'rjust'", t, a, r)),
          Map.entry("center", (t, a, r) -> padded("'center'", t, a, r)),
          Map.entry("zfill", TextMethods::zeros),
          Map.entry("format", TextFormat::braces));

  private TextMethods() {}

  private interface Method {
    Object call(String text, Arguments arguments, Rendering rendering);
  }

  static Optional<Object> find(String text, String name) {
    Method method = METHODS.get(name);
    if (method == null && OTHERS.contains(name)) {
      throw TemplateFault.of("the method '" + name + "' of texts");
    }
    if (method == null) {
      return Optional.empty();
    }
    Function function =
        (arguments, rendering) -> {
          rendering.makeText(text.length());
          return method.call(text, arguments, rendering);
        };
    return Optional.of(function);
  }

  private static Object plain(String callee, Arguments arguments, Object value) {
    arguments.requireNone(callee);
    return value;
  }

  private static String stripped(
      String callee, String text, Arguments arguments, boolean left, boolean right) {
    Optional<Object> chars = Typed.said(arguments.bound(callee, 0, "chars").get(0));
    return stripped(text, chars.map(one -> Typed.text(callee, one)), left, right);
  }

  /**
   * A text less what stands at its ends.
   *
   * @param characters absent: white space
   */
  static String stripped(String text, Optional<String> characters, boolean left, boolean right) {
    if (characters.isEmpty()) {
      String begun = left ? PythonText.lstrip(text) : text;
      return right ? PythonText.rstrip(begun) : begun;
    }
    String set = characters.get();
    int from = 0;
    int to = text.length();
    while (left && from < to && set.indexOf(text.codePointAt(from)) >= 0) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (right && to > from && set.indexOf(text.codePointBefore(to)) >= 0) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static List<Object> lines(String text, Arguments arguments) {
    boolean ends = Typed.isTrue(arguments.bound("'splitlines'", 0, "keepends").get(0));
    return new ArrayList<>(TextCuts.lines(text, ends));
  }

  private static Object joined(String between, Arguments arguments, Rendering rendering) {
    Object items = arguments.bound("'join'", 1, "iterable").get(0).orElseThrow();
    StringBuilder joined = new StringBuilder();
    String before = "";
    for (Object item : Values.list(items, rendering)) {
      String text = Typed.text("'join'", item);
      rendering.makeText(before.length() + (long) text.length());
      joined.append(before).append(text);
      before = between;
    }
    return joined.toString();
  }

  private static Object replaced(String text, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound = arguments.bound("'replace'", 2, "old", "new", "count");
    return replaced(
        text,
        Typed.text("'replace'", bound.get(0).orElseThrow()),
        Typed.text("'replace'", bound.get(1).orElseThrow()),
        bound.get(2).map(count -> Typed.whole("'replace'", count)).orElse(-1),
        rendering);
  }

  /**
   * {@code text.replace(old, other, count)}.
   *
   * @param count below 0: all
   */
  static String replaced(String text, String old, String other, int count, Rendering rendering) {
    StringBuilder replaced = new StringBuilder();
    int at = 0;
    int left = count < 0 ? Integer.MAX_VALUE : count;
    while (left > 0) {
      int found = text.indexOf(old, at);
      if (found < 0 || (old.isEmpty() && found >= text.length())) {
        break;
      }
      rendering.spend(1 + other.length() / 32);
      replaced.append(text, at, found).append(other);
      at = found + old.length();
      if (old.isEmpty()) {
        int next = Character.charCount(text.codePointAt(at));
        replaced.append(text, at, at + next);
        at += next;
      }
      left--;
    }
    replaced.append(text, at, text.length());
    if (old.isEmpty() && left > 0) {
      replaced.append(other);
    }
    return replaced.toString();
  }

  private static Object without(String text, Arguments arguments, boolean prefix) {
    String callee = prefix ? "'removeprefix'" : "'removesuffix'";
    String part = Typed.text(callee, arguments.bound(callee, 1, "part").get(0).orElseThrow());
    if (prefix) {
      return text.startsWith(part) ? text.substring(part.length()) : text;
    }
    return text.endsWith(part) ? text.substring(0, text.length() - part.length()) : text;
  }

  private static Object padded(
      String callee, String text, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound = arguments.bound(callee, 1, "width", "fillchar");
    String fill = bound.get(1).map(one -> Typed.text(callee, one)).orElse(" ");
    if (PythonText.length(fill) != 1) {
      throw TemplateFault.of(callee + " needs one character to fill with");
    }
    int width = Typed.whole(callee, bound.get(0).orElseThrow());
    int more = Math.max(0, width - PythonText.length(text));
    rendering.makeText(more);
    int left =
        switch (callee) {
          case "'ljust'" -> 0;
          case "'rjust'" -> more;
          // Python puts the odd one to the left where the width is odd.
          default -> more / 2 + (more & width & 1);
        };
    return fill.repeat(left) + text + fill.repeat(more - left);
  }

  private static Object zeros(String text, Arguments arguments, Rendering rendering) {
    int width = Typed.whole("'zfill'", arguments.bound("'zfill'", 1, "width").get(0).orElseThrow());
    int more = Math.max(0, width - PythonText.length(text));
    rendering.makeText(more);
    boolean signed = text.startsWith("+") || text.startsWith("-");
    return signed ? text.charAt(0) + "0".repeat(more) + text.substring(1) : "0".repeat(more) + text;
  }
}
