package org.ssasuite.runtime.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.runtime.tokenizer.TokenizerPattern.UnknownPatternException;

/**
 * Reads the regular expressions that tokenizers have: alternatives of characters and classes of
 * characters with repetitions, and groups of such of a bounded length. Nothing else: no repeated
 * groups, references, calls, conditions, lazy repetitions, looks behind. Mutable, reads one.
 */
final class PatternParser {
  private static final int MAX_CHARACTERS = 4_096;
  private static final int MAX_TIMES = 64;
  private static final int MAX_DEPTH = 3;

  /** Escapes that stand for one character of a kind or for a certain one. */
  private static final String LETTER_ESCAPES = "sSdDwWrnt";

  private static final Pattern COUNTED = Pattern.compile("\\{(\\d{1,4})(,?)(\\d{0,4})}");
  private static final Pattern PROPERTY = Pattern.compile("\\\\[pP]\\{\\^?[A-Za-z_]{1,32}}");
  private static final Pattern GROUP = Pattern.compile("\\((?:\\?(?:i?:|=|!))?");

  private final String text;
  private int at;

  private PatternParser(String text) {
    this.text = text;
  }

  static List<List<PatternPart>> parse(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new UnknownPatternException("has more than " + MAX_CHARACTERS + " characters");
    }
    PatternParser parser = new PatternParser(text);
    List<List<PatternPart>> branches = parser.branches(0);
    if (parser.at < text.length()) {
      throw unknown(")");
    }
    return branches;
  }

  private static UnknownPatternException unknown(String part) {
    return new UnknownPatternException("has '" + part + "', which no published tokenizer's has");
  }

  private List<List<PatternPart>> branches(int depth) {
    List<List<PatternPart>> branches = new ArrayList<>();
    List<PatternPart> branch = new ArrayList<>();
    while (at < text.length() && text.charAt(at) != ')') {
      if (text.charAt(at) == '|') {
        at++;
        branches.add(branch);
        branch = new ArrayList<>();
      } else {
        branch.add(part(depth));
      }
    }
    branches.add(branch);
    return branches;
  }

  private PatternPart part(int depth) {
    int from = at;
    if (text.charAt(at) == '(') {
      return group(from, depth);
    }
    character();
    String character = text.substring(from, at);
    int[] times = times();
    return new PatternPart(
        text.substring(from, at), character, List.of(), times[0], times[1], false);
  }

  private PatternPart group(int from, int depth) {
    Matcher opening = GROUP.matcher(text).region(at, text.length());
    if (depth == MAX_DEPTH || !opening.lookingAt()) {
      throw unknown(text.substring(at, Math.min(at + 4, text.length())));
    }
    at = opening.end();
    if (at < text.length() && text.charAt(at) == '?') {
      throw unknown(text.substring(from, Math.min(from + 4, text.length())));
    }
    boolean looksAhead = opening.group().endsWith("=") || opening.group().endsWith("!");
    List<List<PatternPart>> branches = branches(depth + 1);
    if (at == text.length()) {
      throw unknown("(");
    }
    at++;
    if (branches.stream().flatMap(List::stream).anyMatch(PatternPart::endless)) {
      throw new UnknownPatternException("has a group with a part that repeats without end");
    }
    int[] times = times();
    if (times[1] > 1 || (looksAhead && times[0] == 0)) {
      throw new UnknownPatternException("repeats a group");
    }
    return new PatternPart(text.substring(from, at), "", branches, times[0], times[1], looksAhead);
  }

  /** One character, or a class of characters. */
  private void character() {
    char c = text.charAt(at);
    switch (c) {
      case '\\' -> escape();
      case '[' -> characterClass(0);
      case '*', '+', '?', '{', '^', ')' -> throw unknown(String.valueOf(c));
      case '$' -> {
        // Known behind white space only, which the whole branch is looked up for.
        at++;
      }
      default -> at += Character.charCount(text.codePointAt(at));
    }
  }

  private void escape() {
    Matcher property = PROPERTY.matcher(text).region(at, text.length());
    if (property.lookingAt()) {
      at = property.end();
      return;
    }
    if (at + 1 == text.length()) {
      throw unknown("\\");
    }
    char c = text.charAt(at + 1);
    if (c > '~' || (Character.isLetterOrDigit(c) && LETTER_ESCAPES.indexOf(c) < 0)) {
      throw unknown(text.substring(at, at + 2));
    }
    at += 2;
  }

  /** Classes hold classes. */
  private void characterClass(int depth) {
    int from = at;
    at++;
    if (at < text.length() && text.charAt(at) == '^') {
      at++;
    }
    int first = at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\') {
        escape();
      } else if (c == '[') {
        if (depth == MAX_DEPTH || text.startsWith("[:", at)) {
          throw unknown("[" + (depth == MAX_DEPTH ? "[" : ":"));
        }
        characterClass(depth + 1);
      } else if (c == ']') {
        if (at == first) {
          break;
        }
        at++;
        return;
      } else {
        at++;
      }
    }
    throw unknown(text.substring(from, Math.min(from + 8, text.length())));
  }

  /** What may stand behind a part: how often it stands at least and at most. */
  private int[] times() {
    if (at == text.length()) {
      return new int[] {1, 1};
    }
    char c = text.charAt(at);
    Matcher counted = COUNTED.matcher(text).region(at, text.length());
    if (counted.lookingAt()) {
      at = counted.end();
      if (at < text.length() && "?*+{".indexOf(text.charAt(at)) >= 0) {
        throw unknown(counted.group() + text.charAt(at));
      }
      return counted(counted);
    }
    if (c != '?' && c != '*' && c != '+') {
      return new int[] {1, 1};
    }
    at++;
    // A plus behind means that nothing is given back, which can only end a search earlier.
    if (at < text.length() && text.charAt(at) == '+') {
      at++;
    }
    if (at < text.length() && "?*+{".indexOf(text.charAt(at)) >= 0) {
      throw unknown(text.substring(at - 1, at + 1));
    }
    return new int[] {c == '+' ? 1 : 0, c == '?' ? 1 : PatternPart.ENDLESS};
  }

  private static int[] counted(Matcher counted) {
    int least = Integer.parseInt(counted.group(1));
    boolean open = !counted.group(2).isEmpty() && counted.group(3).isEmpty();
    int most =
        open ? least : counted.group(2).isEmpty() ? least : Integer.parseInt(counted.group(3));
    if (most > MAX_TIMES || most < least || most == 0) {
      throw unknown(counted.group());
    }
    return new int[] {least, open ? PatternPart.ENDLESS : most};
  }
}
