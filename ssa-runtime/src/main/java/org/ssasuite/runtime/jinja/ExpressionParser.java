package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads expressions: operators and what binds how.
 *
 * <p>Reference: jinja2 3.1.6, {@code parser.py}.
 */
final class ExpressionParser {
  private static final Map<String, Comparator> COMPARATORS =
      Map.of(
          "==", Comparator.EQUAL,
          "!=", Comparator.UNEQUAL,
          "<", Comparator.LESS,
          "<=", Comparator.LESS_OR_EQUAL,
          ">", Comparator.GREATER,
          ">=", Comparator.GREATER_OR_EQUAL);

  private static final Map<String, Operator> SUMS =
      Map.of("+", Operator.ADD, "-", Operator.SUBTRACT);

  private static final Map<String, Operator> PRODUCTS =
      Map.of(
          "*", Operator.MULTIPLY,
          "/", Operator.DIVIDE,
          "//", Operator.FLOOR_DIVIDE,
          "%", Operator.REMAINDER);

  private final TokenStream tokens;
  private final OperandParser operands;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
    this.operands = new OperandParser(tokens, this);
  }

  /** What is read between operators. */
  OperandParser operands() {
    return operands;
  }

  /** With an inline {@code if}. */
  Expression expression() {
    tokens.enter();
    Expression value = or();
    while (tokens.current().isName("if")) {
      int line = tokens.next().line();
      Expression condition = or();
      Optional<Expression> otherwise =
          tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
      value = new Expression.Choice(condition, value, otherwise, line);
    }
    tokens.leave();
    return value;
  }

  /**
   * One expression, or several between commas: a tuple.
   *
   * @param conditional whether an inline {@code if} may stand in it
   * @param end a name that ends it too; empty: none
   * @param empty whether there may be nothing
   */
  Expression tuple(boolean conditional, String end, boolean empty) {
    List<Expression> items = new ArrayList<>();
    boolean tuple = false;
    while (!endsTuple(end)) {
      items.add(conditional ? expression() : or());
      if (!tokens.skipOperator(",")) {
        break;
      }
      tuple = true;
    }
    if (!tuple && !items.isEmpty()) {
      return items.get(0);
    }
    if (!tuple && !empty) {
      throw tokens.unexpected("an expression");
    }
    return new Expression.TupleOf(List.copyOf(items));
  }

  private boolean endsTuple(String end) {
    Token token = tokens.current();
    return token.is(Token.Kind.VARIABLE_END)
        || token.is(Token.Kind.BLOCK_END)
        || token.isOperator(")")
        || (!end.isEmpty() && token.isName(end));
  }

  private Expression or() {
    Expression left = and();
    while (tokens.skipName("or")) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    if (!tokens.skipName("not")) {
      return comparison();
    }
    tokens.enter();
    Expression negated = new Expression.Not(not());
    tokens.leave();
    return negated;
  }

  private Expression comparison() {
    int line = tokens.current().line();
    Expression first = sum();
    List<Comparator> operators = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    while (true) {
      Optional<Comparator> next = comparator();
      if (next.isEmpty()) {
        break;
      }
      operators.add(next.get());
      others.add(sum());
    }
    return operators.isEmpty()
        ? first
        : new Expression.Comparison(first, List.copyOf(operators), List.copyOf(others), line);
  }

  private Optional<Comparator> comparator() {
    Token token = tokens.current();
    if (token.is(Token.Kind.OPERATOR) && COMPARATORS.containsKey(token.text())) {
      return Optional.of(COMPARATORS.get(tokens.next().text()));
    }
    if (tokens.skipName("in")) {
      return Optional.of(Comparator.IN);
    }
    if (token.isName("not") && tokens.look().isName("in")) {
      tokens.next();
      tokens.next();
      return Optional.of(Comparator.NOT_IN);
    }
    return Optional.empty();
  }

  private Expression sum() {
    Expression left = concatenation();
    while (isOperator(SUMS)) {
      Token sign = tokens.next();
      left = new Expression.Operation(SUMS.get(sign.text()), left, concatenation(), sign.line());
    }
    return left;
  }

  private Expression concatenation() {
    List<Expression> parts = new ArrayList<>(List.of(product()));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return parts.size() == 1 ? parts.get(0) : new Expression.Concatenation(List.copyOf(parts));
  }

  private Expression product() {
    Expression left = power();
    while (isOperator(PRODUCTS)) {
      Token sign = tokens.next();
      left = new Expression.Operation(PRODUCTS.get(sign.text()), left, power(), sign.line());
    }
    return left;
  }

  private boolean isOperator(Map<String, Operator> operators) {
    return tokens.current().is(Token.Kind.OPERATOR)
        && operators.containsKey(tokens.current().text());
  }

  private Expression power() {
    Expression left = operands.unary(true);
    while (tokens.current().isOperator("**")) {
      int line = tokens.next().line();
      left = new Expression.Operation(Operator.POWER, left, operands.unary(true), line);
    }
    return left;
  }
}
