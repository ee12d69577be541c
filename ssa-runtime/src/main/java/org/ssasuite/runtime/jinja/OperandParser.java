package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what stands between operators: literals, names, their parts, calls, filters and tests.
 *
 * <p>Reference: jinja2 3.1.6, {@code parser.py}.
 */
final class OperandParser {
  private static final Expression NONE = new Expression.Constant(Nothing.NONE);

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  OperandParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /**
   * A value with what stands before and behind it.
   *
   * @param filtered whether filters and tests may follow
   */
  Expression unary(boolean filtered) {
    Token token = tokens.current();
    Expression value;
    if (token.isOperator("-") || token.isOperator("+")) {
      tokens.next();
      tokens.enter();
      value = new Expression.Signed(unary(false), token.text().equals("-"), token.line());
      tokens.leave();
    } else {
      value = primary();
    }
    value = postfix(value);
    return filtered ? filters(value) : value;
  }

  private Expression primary() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> name(tokens.next());
      case STRING -> string();
      case INTEGER -> new Expression.Constant(Long.parseLong(tokens.next().text()));
      case FLOAT -> new Expression.Constant(Double.parseDouble(tokens.next().text()));
      default -> bracketed();
    };
  }

  private static Expression name(Token token) {
    return switch (token.text()) {
      case "true", "True" -> new Expression.Constant(true);
      case "false", "False" -> new Expression.Constant(false);
      case "none", "None" -> NONE;
      default -> new Expression.Name(token.text(), token.line());
    };
  }

  private Expression string() {
    StringBuilder text = new StringBuilder();
    while (tokens.current().is(Token.Kind.STRING)) {
      text.append(tokens.next().text());
    }
    return new Expression.Constant(text.toString());
  }

  private Expression bracketed() {
    if (tokens.skipOperator("(")) {
      Expression inner = expressions.tuple(true, "", true);
      tokens.expectOperator(")");
      return inner;
    }
    if (tokens.skipOperator("[")) {
      return list();
    }
    if (tokens.skipOperator("{")) {
      return map();
    }
    throw tokens.unexpected("an expression");
  }

  private Expression list() {
    List<Expression> items = new ArrayList<>();
    while (!tokens.skipOperator("]")) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator("]")) {
          break;
        }
      }
      items.add(expressions.expression());
    }
    return new Expression.ListOf(List.copyOf(items));
  }

  private Expression map() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      if (!keys.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator("}")) {
          break;
        }
      }
      keys.add(expressions.expression());
      tokens.expectOperator(":");
      values.add(expressions.expression());
    }
    return new Expression.MapOf(List.copyOf(keys), List.copyOf(values));
  }

  private Expression postfix(Expression of) {
    Expression value = of;
    while (true) {
      Token token = tokens.current();
      if (token.isOperator(".")) {
        value = attribute(value);
      } else if (token.isOperator("[")) {
        value = subscript(value);
      } else if (token.isOperator("(")) {
        value = new Expression.Call(value, arguments(), token.line());
      } else {
        return value;
      }
    }
  }

  private Expression attribute(Expression of) {
    int line = tokens.next().line();
    Token part = tokens.current();
    if (part.is(Token.Kind.INTEGER)) {
      tokens.next();
      return new Expression.Item(of, new Expression.Constant(Long.parseLong(part.text())), line);
    }
    return new Expression.Attribute(of, tokens.expect(Token.Kind.NAME, "a name").text(), line);
  }

  private Expression subscript(Expression of) {
    int line = tokens.next().line();
    Expression from = tokens.current().isOperator(":") ? NONE : expressions.expression();
    if (tokens.current().isOperator(",")) {
      throw new TemplateFault(line, "a subscript of several parts");
    }
    if (tokens.skipOperator("]")) {
      return new Expression.Item(of, from, line);
    }
    tokens.expectOperator(":");
    Expression to = sliceEnd();
    Expression step = tokens.skipOperator(":") ? sliceEnd() : NONE;
    tokens.expectOperator("]");
    return new Expression.Slice(of, from, to, step, line);
  }

  private Expression sliceEnd() {
    Token token = tokens.current();
    return token.isOperator(":") || token.isOperator("]") ? NONE : expressions.expression();
  }

  /** Between brackets. */
  Expression.Written arguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Optional<Expression> more = Optional.empty();
    Optional<Expression> moreNamed = Optional.empty();
    boolean first = true;
    while (!tokens.skipOperator(")")) {
      if (!first) {
        tokens.expectOperator(",");
        if (tokens.skipOperator(")")) {
          break;
        }
      }
      first = false;
      requireOrder(moreNamed.isEmpty());
      if (tokens.skipOperator("*")) {
        requireOrder(more.isEmpty());
        more = Optional.of(expressions.expression());
      } else if (tokens.skipOperator("**")) {
        moreNamed = Optional.of(expressions.expression());
      } else if (tokens.current().is(Token.Kind.NAME) && tokens.look().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        requireOrder(named.put(name, expressions.expression()) == null);
      } else {
        requireOrder(more.isEmpty() && named.isEmpty());
        positional.add(expressions.expression());
      }
    }
    return new Expression.Written(List.copyOf(positional), named, more, moreNamed);
  }

  private void requireOrder(boolean holds) {
    if (!holds) {
      throw tokens.unexpected("the end of the arguments");
    }
  }

  private Expression filters(Expression of) {
    Expression value = of;
    while (true) {
      Token token = tokens.current();
      if (token.isOperator("|")) {
        tokens.next();
        Token at = tokens.current();
        String name = dotted();
        value = new Expression.Filtered(value, name, argumentsIfThere(), at.line());
      } else if (token.isName("is")) {
        value = test(value);
      } else if (token.isOperator("(")) {
        value = new Expression.Call(value, arguments(), token.line());
      } else {
        return value;
      }
    }
  }

  /** Names between points. */
  String dotted() {
    StringBuilder name = new StringBuilder(tokens.expect(Token.Kind.NAME, "a name").text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Token.Kind.NAME, "a name").text());
    }
    return name.toString();
  }

  Expression.Written argumentsIfThere() {
    return tokens.current().isOperator("(")
        ? arguments()
        : new Expression.Written(List.of(), Map.of(), Optional.empty(), Optional.empty());
  }

  private Expression test(Expression of) {
    int line = tokens.next().line();
    boolean negated = tokens.skipName("not");
    String name = dotted();
    Expression.Written arguments = argumentsIfThere();
    boolean none = arguments.positional().isEmpty() && arguments.named().isEmpty();
    if (none && beginsArgument()) {
      Expression one = postfix(primary());
      arguments =
          new Expression.Written(List.of(one), Map.of(), Optional.empty(), Optional.empty());
    }
    Expression tested = new Expression.Tested(of, name, arguments, line);
    return negated ? new Expression.Not(tested) : tested;
  }

  private boolean beginsArgument() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case STRING, INTEGER, FLOAT -> true;
      case NAME -> {
        if (token.text().equals("is")) {
          throw tokens.unexpected("the end of a test");
        }
        yield !Set.of("else", "or", "and").contains(token.text());
      }
      case OPERATOR -> Set.of("[", "{").contains(token.text());
      default -> false;
    };
  }
}
