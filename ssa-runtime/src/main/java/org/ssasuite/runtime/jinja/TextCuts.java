package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.python.PythonText;

/** How Python's {@code str} is cut into pieces. */
final class TextCuts {
  private static final String LINE_ENDS = "\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029";

  private TextCuts() {}

  /** What a text is split by, and how often at most. */
  private record Rule(Optional<String> separator, int most) {
    static Rule of(String callee, Arguments arguments) {
      List<Optional<Object>> bound = arguments.bound(callee, 0, "sep", "maxsplit");
      Optional<String> separator = Typed.said(bound.get(0)).map(value -> Typed.text(callee, value));
      if (separator.filter(String::isEmpty).isPresent()) {
        throw TemplateFault.of(callee + " by an empty text");
      }
      int most = bound.get(1).map(value -> Typed.whole(callee, value)).orElse(-1);
      return new Rule(separator, most < 0 ? Integer.MAX_VALUE : most);
    }
  }

  static List<Object> split(String text, Arguments arguments) {
    Rule rule = Rule.of("'split'", arguments);
    List<Object> pieces = new ArrayList<>();
    if (rule.separator().isEmpty()) {
      String rest = PythonText.lstrip(text);
      while (!rest.isEmpty() && pieces.size() < rule.most()) {
        int end = 0;
        while (end < rest.length() && !PythonText.isSpace(rest.charAt(end))) {
          end++;
        }
        pieces.add(rest.substring(0, end));
        rest = PythonText.lstrip(rest.substring(end));
      }
      if (!rest.isEmpty()) {
        pieces.add(rest);
      }
      return pieces;
    }
    String separator = rule.separator().get();
    int at = 0;
    int found = text.indexOf(separator);
    while (found >= 0 && pieces.size() < rule.most()) {
      pieces.add(text.substring(at, found));
      at = found + separator.length();
      found = text.indexOf(separator, at);
    }
    pieces.add(text.substring(at));
    return pieces;
  }

  static List<Object> splitFromTheRight(String text, Arguments arguments) {
    Rule rule = Rule.of("'rsplit'", arguments);
    List<Object> pieces = new ArrayList<>();
    if (rule.separator().isEmpty()) {
      String rest = PythonText.rstrip(text);
      while (!rest.isEmpty() && pieces.size() < rule.most()) {
        int begin = rest.length();
        while (begin > 0 && !PythonText.isSpace(rest.charAt(begin - 1))) {
          begin--;
        }
        pieces.add(rest.substring(begin));
        rest = PythonText.rstrip(rest.substring(0, begin));
      }
      if (!rest.isEmpty()) {
        pieces.add(rest);
      }
    } else {
      String separator = rule.separator().get();
      int to = text.length();
      int found = text.lastIndexOf(separator, to - separator.length());
      while (found >= 0 && to >= separator.length() && pieces.size() < rule.most()) {
        pieces.add(text.substring(found + separator.length(), to));
        to = found;
        found = to < separator.length() ? -1 : text.lastIndexOf(separator, to - separator.length());
      }
      pieces.add(text.substring(0, to));
    }
    Collections.reverse(pieces);
    return pieces;
  }

  static Object partition(String text, Arguments arguments, boolean last) {
    String callee = last ? "'rpartition'" : "'partition'";
    String separator = Typed.text(callee, arguments.bound(callee, 1, "sep").get(0).orElseThrow());
    if (separator.isEmpty()) {
      throw TemplateFault.of(callee + " by an empty text");
    }
    int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) {
      return last ? new Tuple(List.of("", "", text)) : new Tuple(List.of(text, "", ""));
    }
    return new Tuple(
        List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
  }

  /** {@code text.splitlines(ends)}. */
  static List<String> lines(String text, boolean ends) {
    List<String> lines = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && LINE_ENDS.indexOf(text.charAt(end)) < 0) {
        end++;
      }
      int next = end;
      if (end < text.length()) {
        next = text.startsWith("\r\n", end) ? end + 2 : end + 1;
      }
      lines.add(text.substring(at, ends ? next : end));
      at = next;
    }
    return lines;
  }
}
