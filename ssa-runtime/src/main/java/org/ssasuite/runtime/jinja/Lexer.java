package org.ssasuite.runtime.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.python.PythonText;

/**
 * Cuts a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks}.
 *
 * <p>Reference: jinja2 3.1.6, {@code lexer.py}.
 */
final class Lexer {
  private static final String SPACE = "[\\s\\x1c-\\x1f\\x85\\p{Z}]*";

  /** What ends data; of a raw block all up to its content. */
  private static final Pattern TAG =
      Pattern.compile(
          "\\{%(?<rawsign>[-+]?)"
              + SPACE
              + "raw"
              + SPACE
              + "(?:(?<rawstrip>-%\\}"
              + SPACE
              + ")|%\\})|(?<tag>\\{\\{|\\{%|\\{#)(?<sign>[-+]?)");

  private static final Pattern END_RAW =
      Pattern.compile(
          "\\{%([-+]?)" + SPACE + "endraw" + SPACE + "(?:\\+%\\}|-%\\}" + SPACE + "|%\\}\\n?)");

  private static final Pattern END_COMMENT = Pattern.compile("\\+#\\}|-#\\}" + SPACE + "|#\\}\\n?");
  private static final Pattern END_BLOCK = Pattern.compile("\\+%\\}|-%\\}" + SPACE + "|%\\}\\n?");
  private static final Pattern END_VARIABLE = Pattern.compile("-\\}\\}" + SPACE + "|\\}\\}");
  private static final Pattern WHITESPACE = Pattern.compile("[\\s\\x1c-\\x1f\\x85\\p{Z}]+");

  /** Repeated are characters alone: a repetition of groups would go as deep as a number is long. */
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)\\d[\\d_]*+(?<!_)(?:(?:\\.\\d[\\d_]*+(?<!_))?[eE][+-]?\\d[\\d_]*+(?<!_)"
              + "|\\.\\d[\\d_]*+(?<!_))");

  private static final Pattern INTEGER =
      Pattern.compile("0[bB][01_]++|0[oO][0-7_]++|0[xX][0-9a-fA-F_]++|\\d[\\d_]*+");

  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private boolean startsLine = true;

  private Lexer(String source) {
    this.source = source;
  }

  /**
   * The tokens of a template, an end behind them.
   *
   * @throws TemplateFault for what is no token
   */
  static List<Token> tokens(String template) {
    String lines = template.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer = new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines);
    lexer.all();
    return List.copyOf(lexer.tokens);
  }

  private void all() {
    Matcher tag = TAG.matcher(source);
    while (tag.find(at)) {
      data(tag);
      String kind = tag.group("tag");
      if (kind == null) {
        raw();
      } else if (kind.equals("{#")) {
        comment();
      } else if (kind.equals("{{")) {
        add(Token.Kind.VARIABLE_BEGIN, kind);
        expression(END_VARIABLE, Token.Kind.VARIABLE_END);
      } else {
        add(Token.Kind.BLOCK_BEGIN, kind);
        expression(END_BLOCK, Token.Kind.BLOCK_END);
      }
    }
    data(source.substring(at));
    line += lines(source.substring(at));
    add(Token.Kind.END, "");
  }

  /** The text before a tag, less what the tag takes of it. */
  private void data(Matcher tag) {
    String text = source.substring(at, tag.start());
    boolean variable = "{{".equals(tag.group("tag"));
    String sign = tag.group("tag") == null ? tag.group("rawsign") : tag.group("sign");
    data(kept(text, sign, variable));
    line += lines(source.substring(at, tag.end()));
    moveTo(tag.end());
  }

  private String kept(String text, String sign, boolean variable) {
    if (sign.equals("-")) {
      return PythonText.rstrip(text);
    }
    if (sign.isEmpty() && !variable) {
      int from = text.lastIndexOf('\n') + 1;
      if ((from > 0 || startsLine)
          && from < text.length()
          && PythonText.strip(text.substring(from)).isEmpty()) {
        return text.substring(0, from);
      }
    }
    return text;
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      add(Token.Kind.DATA, text);
    }
  }

  private void raw() {
    Matcher end = END_RAW.matcher(source);
    if (!end.find(at)) {
      throw new TemplateFault(line, "a raw block has no end");
    }
    data(kept(source.substring(at, end.start()), end.group(1), false));
    line += lines(source.substring(at, end.end()));
    moveTo(end.end());
  }

  private void comment() {
    Matcher end = END_COMMENT.matcher(source);
    if (!end.find(at)) {
      throw new TemplateFault(line, "a comment has no end");
    }
    line += lines(source.substring(at, end.end()));
    moveTo(end.end());
  }

  private void moveTo(int next) {
    startsLine = next > 0 && source.charAt(next - 1) == '\n';
    at = next;
  }

  /** Tokens up to the end of a tag, which counts where no bracket is open. */
  private void expression(Pattern end, Token.Kind kind) {
    Deque<String> open = new ArrayDeque<>();
    while (at < source.length()) {
      Matcher closing = end.matcher(source).region(at, source.length());
      closing.useTransparentBounds(true);
      if (open.isEmpty() && closing.lookingAt()) {
        add(kind, closing.group());
        line += lines(closing.group());
        moveTo(closing.end());
        return;
      }
      token(open);
    }
    throw new TemplateFault(line, "a tag has no end");
  }

  private void token(Deque<String> open) {
    String found;
    if (matched(WHITESPACE) != null) {
      found = matched(WHITESPACE);
    } else if (matched(FLOAT) != null) {
      found = matched(FLOAT);
      add(Token.Kind.FLOAT, found.replace("_", ""));
    } else if (matched(INTEGER) != null) {
      found = matched(INTEGER);
      add(Token.Kind.INTEGER, integer(found));
    } else if (PythonText.isWordCharacter(source.codePointAt(at))) {
      found = name();
      add(Token.Kind.NAME, found);
    } else if (source.charAt(at) == '\'' || source.charAt(at) == '"') {
      found = string();
      add(Token.Kind.STRING, StringLiteral.value(found.substring(1, found.length() - 1), line));
    } else if (matched(OPERATOR) != null) {
      found = matched(OPERATOR);
      balance(found, open);
      add(Token.Kind.OPERATOR, found);
    } else {
      throw new TemplateFault(
          line, "'" + Character.toString(source.codePointAt(at)) + "' is no part of the language");
    }
    line += lines(found);
    moveTo(at + found.length());
  }

  private String name() {
    int end = at;
    while (end < source.length() && PythonText.isWordCharacter(source.codePointAt(end))) {
      end += Character.charCount(source.codePointAt(end));
    }
    return source.substring(at, end);
  }

  /** With its quotes; no pattern, which would go as deep as a string has escapes. */
  private String string() {
    char quote = source.charAt(at);
    int i = at + 1;
    while (i < source.length()) {
      if (source.charAt(i) == quote) {
        return source.substring(at, i + 1);
      }
      i += source.charAt(i) == '\\' ? 2 : 1;
    }
    throw new TemplateFault(line, "a string has no end");
  }

  private String matched(Pattern pattern) {
    Matcher matcher = pattern.matcher(source).region(at, source.length());
    matcher.useTransparentBounds(true);
    return matcher.lookingAt() ? matcher.group() : null;
  }

  private String integer(String written) {
    if (written.contains("__") || written.endsWith("_")) {
      throw new TemplateFault(line, "'" + written + "' is no number");
    }
    String text = written.replace("_", "");
    boolean based = text.length() > 2 && text.charAt(1) > '9';
    if (!based && text.length() > 1 && text.charAt(0) == '0' && !text.replace("0", "").isEmpty()) {
      throw new TemplateFault(line, "'" + text + "' is no number");
    }
    try {
      if (!based) {
        return String.valueOf(Long.parseLong(text));
      }
      int base =
          switch (text.charAt(1)) {
            case 'b', 'B' -> 2;
            case 'o', 'O' -> 8;
            default -> 16;
          };
      return String.valueOf(Long.parseLong(text.substring(2), base));
    } catch (NumberFormatException e) {
      throw new TemplateFault(line, "the number " + text + " has more than 63 bits");
    }
  }

  private void balance(String operator, Deque<String> open) {
    switch (operator) {
      case "{" -> open.push("}");
      case "(" -> open.push(")");
      case "[" -> open.push("]");
      case "}", ")", "]" -> {
        if (open.isEmpty() || !open.pop().equals(operator)) {
          throw new TemplateFault(line, "'" + operator + "' closes nothing");
        }
      }
      default -> {}
    }
  }

  private void add(Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }

  private static int lines(String text) {
    return (int) text.chars().filter(unit -> unit == '\n').count();
  }
}
