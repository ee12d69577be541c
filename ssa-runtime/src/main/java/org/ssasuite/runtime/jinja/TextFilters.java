package org.ssasuite.runtime.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.python.PythonText;

/**
 * Filters that give texts.
 *
 * <p>Reference: jinja2 3.1.6, {@code filters.py}.
 */
final class TextFilters {
  static final Map<String, Filters.Filter> ALL =
      Map.ofEntries(
          Map.entry("trim", TextFilters::trim),
          Map.entry("upper", (v, a, r) -> plain("'upper'", a, PythonText.upper(text(v, r)))),
          Map.entry("lower", (v, a, r) -> plain("'lower'", a, PythonText.lower(text(v, r)))),
          Map.entry(
              "capitalize",
              (v, a, r) -> plain("'capitalize'", a, PythonText.capitalize(text(v, r)))),
          Map.entry("title", (v, a, r) -> plain("'title'", a, title(text(v, r)))),
          Map.entry(
              "string", (v, a, r) -> plain("'string'", a, v instanceof Markup ? v : text(v, r))),
          Map.entry("safe", (v, a, r) -> plain("'safe'", a, new Markup(ValueText.of(v, r)))),
          Map.entry("replace", TextFilters::replaced),
          Map.entry("join", TextFilters::joined),
          Map.entry("indent", TextFilters::indented),
          Map.entry("center", (v, a, r) -> centered(text(v, r), a, r)),
          Map.entry("truncate", TextFilters::truncated),
          Map.entry("format", (v, a, r) -> formatted(text(v, r), a, r)),
          Map.entry("wordcount", (v, a, r) -> plain("'wordcount'", a, words(text(v, r)))),
          Map.entry("tojson", TextFilters::json));

  private static final Pattern WORD_BEGIN = Pattern.compile("[-\\s\\x1c-\\x1f\\x85\\p{Z}({\\[<]+");
  private static final int TRUNCATED = 255;
  private static final int LEEWAY = 5;
  private static final int CENTRE = 80;

  private TextFilters() {}

  private static Object plain(String callee, Arguments arguments, Object value) {
    arguments.requireNone(callee);
    return value;
  }

  private static String text(Object value, Rendering rendering) {
    if (value instanceof Markup) {
      throw TemplateFault.of("a filter of a text behind 'safe'");
    }
    return rendering.made(ValueText.of(value, rendering));
  }

  private static Object trim(Object value, Arguments arguments, Rendering rendering) {
    Optional<Object> chars = Typed.said(arguments.bound("'trim'", 0, "chars").get(0));
    return TextMethods.stripped(
        text(value, rendering), chars.map(one -> Typed.text("'trim'", one)), true, true);
  }

  private static String title(String text) {
    StringBuilder title = new StringBuilder();
    Matcher between = WORD_BEGIN.matcher(text);
    int at = 0;
    while (between.find()) {
      word(text.substring(at, between.start()), title);
      word(between.group(), title);
      at = between.end();
    }
    word(text.substring(at), title);
    return title.toString();
  }

  private static void word(String word, StringBuilder title) {
    if (!word.isEmpty()) {
      int first = Character.charCount(word.codePointAt(0));
      title.append(PythonText.upper(word.substring(0, first)));
      title.append(PythonText.lower(word.substring(first)));
    }
  }

  private static Object replaced(Object value, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound = arguments.bound("'replace'", 2, "old", "new", "count");
    return TextMethods.replaced(
        text(value, rendering),
        text(bound.get(0).orElseThrow(), rendering),
        text(bound.get(1).orElseThrow(), rendering),
        Typed.said(bound.get(2)).map(count -> Typed.whole("'replace'", count)).orElse(-1),
        rendering);
  }

  private static Object joined(Object value, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound = arguments.bound("'join'", 0, "d", "attribute");
    String between = bound.get(0).map(one -> text(one, rendering)).orElse("");
    AttributePath path = AttributePath.of(Typed.said(bound.get(1)));
    StringBuilder joined = new StringBuilder();
    String before = "";
    for (Object item : Values.list(value, rendering)) {
      String text = ValueText.of(path.of(item, rendering), rendering);
      rendering.makeText((long) before.length() + text.length());
      joined.append(before).append(text);
      before = between;
    }
    return joined.toString();
  }

  private static Object indented(Object value, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound = arguments.bound("'indent'", 0, "width", "first", "blank");
    Object width = bound.get(0).orElse(4L);
    String indent =
        width instanceof String text
            ? text
            : " ".repeat(Math.max(0, Math.min(1 << 16, Typed.whole("'indent'", width))));
    boolean blank = Typed.isTrue(bound.get(2));
    String text = Typed.text("'indent'", value);
    rendering.makeText((long) text.length() * (1 + indent.length()));
    return relined(text, indent, Typed.isTrue(bound.get(1)), blank);
  }

  private static String relined(String text, String indent, boolean first, boolean blank) {
    List<String> lines = TextCuts.lines(text + "\n", false);
    StringBuilder indented = new StringBuilder(first ? indent : "").append(lines.get(0));
    for (String line : lines.subList(1, lines.size())) {
      indented.append('\n').append(blank || !line.isEmpty() ? indent : "").append(line);
    }
    return indented.toString();
  }

  private static Object centered(String text, Arguments arguments, Rendering rendering) {
    Object width = arguments.bound("'center'", 0, "width").get(0).orElse((long) CENTRE);
    Function center = (Function) TextMethods.find(text, "center").orElseThrow();
    return center.call(Arguments.of(width), rendering);
  }

  private static Object truncated(Object value, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound =
        arguments.bound("'truncate'", 0, "length", "killwords", "end", "leeway");
    int length = bound.get(0).map(one -> Typed.whole("'truncate'", one)).orElse(TRUNCATED);
    String end = bound.get(2).map(one -> Typed.text("'truncate'", one)).orElse("...");
    int leeway = Typed.said(bound.get(3)).map(one -> Typed.whole("'truncate'", one)).orElse(LEEWAY);
    int kept = length - PythonText.length(end);
    if (kept < 0 || leeway < 0) {
      throw TemplateFault.of("'truncate' to less than its end has");
    }
    if (Values.requireLength(value) <= (long) length + leeway) {
      return value;
    }
    String text = Typed.text("'truncate'", value);
    String head = text.substring(0, text.offsetByCodePoints(0, kept));
    int word = head.lastIndexOf(' ');
    return (Typed.isTrue(bound.get(1)) || word < 0 ? head : head.substring(0, word)) + end;
  }

  private static Object formatted(String text, Arguments arguments, Rendering rendering) {
    if (!arguments.named().isEmpty()) {
      throw TemplateFault.of("'format' with names");
    }
    return TextFormat.percent(text, new Tuple(arguments.positional()), rendering);
  }

  private static long words(String text) {
    long words = 0;
    boolean before = false;
    for (int codePoint : text.codePoints().toArray()) {
      boolean word = PythonText.isWordCharacter(codePoint);
      words += word && !before ? 1 : 0;
      before = word;
    }
    return words;
  }

  /** As transformers has it in place of Jinja's own. */
  private static Object json(Object value, Arguments arguments, Rendering rendering) {
    List<Optional<Object>> bound =
        arguments.bound("'tojson'", 0, "ensure_ascii", "indent", "separators", "sort_keys");
    Optional<String> indent = Typed.said(bound.get(1)).map(TextFilters::level);
    String between = indent.isPresent() ? "," : ", ";
    String behindKey = ": ";
    if (Typed.said(bound.get(2)).isPresent()) {
      List<Object> two = Values.list(bound.get(2).get(), rendering);
      if (two.size() != 2) {
        throw TemplateFault.of("'tojson' with other than two separators");
      }
      between = Typed.text("'tojson'", two.get(0));
      behindKey = Typed.text("'tojson'", two.get(1));
    }
    JsonForm form =
        new JsonForm(
            Typed.isTrue(bound.get(0)), indent, between, behindKey, Typed.isTrue(bound.get(3)));
    return form.of(value, rendering);
  }

  private static String level(Object indent) {
    return indent instanceof String text
        ? text
        : " ".repeat(Math.max(0, Math.min(1 << 10, Typed.whole("'tojson'", indent))));
  }
}
