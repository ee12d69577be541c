package org.ssasuite.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Regular expressions of a tokenizer. The library's engine backtracks, and ends the process once it
 * has done so ten million times, so expressions are refused that do it on harmless texts: a
 * repeated group with something repeated, or a choice, in it ({@code (a+)+}), and long chains of
 * repeated parts ({@code a*a*a*a*a*}). None of the published tokenizers has either.
 */
final class TokenizerPattern {
  private static final int MAX_CHARACTERS = 4_096;
  private static final int MAX_REPEATED_IN_A_ROW = 4;

  /** A part that may stand this often counts as one that may stand any number of times. */
  private static final int MANY = 64;

  private static final Pattern COUNTED = Pattern.compile("\\{(\\d{0,6})(,?)(\\d{0,6})}");

  private final String text;
  private final Deque<Group> open = new ArrayDeque<>();
  private int at;

  private TokenizerPattern(String text) {
    this.text = text;
  }

  /** What a group holds, or the whole expression. */
  private static final class Group {
    private boolean choice;
    private boolean repeated;

    /** Repeated parts of the branch that is being read. */
    private int inARow;
  }

  /** Why the library should not see this expression; absent if it may. */
  static Optional<String> danger(String text) {
    return text.length() > MAX_CHARACTERS
        ? Optional.of("has more than " + MAX_CHARACTERS + " characters")
        : new TokenizerPattern(text).scan();
  }

  private Optional<String> scan() {
    open.push(new Group());
    while (at < text.length()) {
      char c = text.charAt(at);
      Group closed = null;
      switch (c) {
        case '\\' -> at += 2;
        case '[' -> skipClass();
        case '(' -> {
          open.push(new Group());
          at++;
          continue;
        }
        case ')' -> {
          closed = open.size() > 1 ? open.pop() : new Group();
          at++;
        }
        case '|' -> {
          open.element().choice = true;
          open.element().inARow = 0;
          at++;
          continue;
        }
        default -> at++;
      }
      Optional<String> danger = behind(closed);
      if (danger.isPresent()) {
        return danger;
      }
    }
    return Optional.empty();
  }

  /** A part has been read, a group or something smaller; what repeats it comes now. */
  private Optional<String> behind(Group closed) {
    boolean many = repeats();
    Group around = open.element();
    if (closed != null) {
      if (many && (closed.repeated || closed.choice)) {
        return Optional.of("repeats a group that holds a repetition or a choice");
      }
      around.repeated |= closed.repeated;
      around.inARow += closed.inARow;
    }
    if (many) {
      around.repeated = true;
      around.inARow++;
    }
    return around.inARow > MAX_REPEATED_IN_A_ROW
        ? Optional.of("has more than " + MAX_REPEATED_IN_A_ROW + " repeated parts in a row")
        : Optional.empty();
  }

  /** Reads what may stand behind a part: whether that may then stand many times. */
  private boolean repeats() {
    boolean many = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      Matcher counted = COUNTED.matcher(text).region(at, text.length());
      if (c == '*' || c == '+') {
        many = true;
        at++;
      } else if (c == '?') {
        at++;
      } else if (counted.lookingAt()) {
        many |= isMany(counted);
        at = counted.end();
      } else {
        break;
      }
    }
    return many;
  }

  private static boolean isMany(Matcher counted) {
    boolean open = !counted.group(2).isEmpty() && counted.group(3).isEmpty();
    String most = counted.group(3).isEmpty() ? counted.group(1) : counted.group(3);
    return open || (!most.isEmpty() && Integer.parseInt(most) > MANY);
  }

  /** Classes hold classes. */
  private void skipClass() {
    int depth = 0;
    do {
      char c = text.charAt(at);
      if (c == '\\') {
        at++;
      } else if (c == '[') {
        depth++;
      } else if (c == ']') {
        depth--;
      }
      at++;
    } while (depth > 0 && at < text.length());
  }
}
