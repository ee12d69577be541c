package org.ssasuite.runtime.jinja;

import java.util.List;

/** Tokens one behind the other. Mutable: a place in them. */
final class TokenStream {
  /** Brackets, operators and blocks within each other; more would need a deeper stack. */
  private static final int MOST_DEPTH = 100;

  private final List<Token> tokens;
  private int at;
  private int depth;

  TokenStream(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  Token current() {
    return tokens.get(at);
  }

  /** How many lie behind. */
  int place() {
    return at;
  }

  /** The one behind the current one. */
  Token look() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  /** The current one, which is left behind. */
  Token next() {
    Token token = current();
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  boolean skipName(String name) {
    boolean there = current().isName(name);
    if (there) {
      next();
    }
    return there;
  }

  boolean skipOperator(String operator) {
    boolean there = current().isOperator(operator);
    if (there) {
      next();
    }
    return there;
  }

  Token expect(Token.Kind kind, String what) {
    if (!current().is(kind)) {
      throw unexpected(what);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  TemplateFault unexpected(String what) {
    return new TemplateFault(
        current().line(), current().shown() + " stands where " + what + " is expected");
  }

  /** One level more. */
  void enter() {
    depth++;
    if (depth > MOST_DEPTH) {
      throw new TemplateFault(current().line(), "more than " + MOST_DEPTH + " levels");
    }
  }

  void leave() {
    depth--;
  }
}
