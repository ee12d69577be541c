package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a template's statements.
 *
 * <p>Reference: jinja2 3.1.6, {@code parser.py}, {@code ext.py}'s loop controls; transformers
 * 4.53.3, {@code chat_template_utils.py}.
 */
final class StatementParser {
  /** Of templates that belong together; a chat template is alone. */
  private static final Set<String> OTHERS =
      Set.of("autoescape", "block", "do", "extends", "from", "import", "include", "trans");

  private static final List<String> SPECIAL = List.of("varargs", "kwargs", "caller");

  private final List<Token> all;
  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private int loops;

  StatementParser(List<Token> all) {
    this.all = all;
    this.tokens = new TokenStream(all);
    this.expressions = new ExpressionParser(tokens);
  }

  /** A whole template. */
  List<Statement> template() {
    List<Statement> body = statements(List.of());
    if (!tokens.current().is(Token.Kind.END)) {
      throw tokens.unexpected("a statement");
    }
    return body;
  }

  /** Up to a tag with one of these names, which is the next token; without names up to the end. */
  private List<Statement> statements(List<String> ends) {
    tokens.enter();
    List<Statement> body = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      switch (token.kind()) {
        case DATA -> body.add(new Statement.Data(tokens.next().text()));
        case VARIABLE_BEGIN -> {
          tokens.next();
          body.add(new Statement.Output(expressions.tuple(true, "", false), token.line()));
          tokens.expect(Token.Kind.VARIABLE_END, "'}}'");
        }
        case BLOCK_BEGIN -> {
          tokens.next();
          if (tokens.current().is(Token.Kind.NAME) && ends.contains(tokens.current().text())) {
            tokens.leave();
            return List.copyOf(body);
          }
          body.add(statement());
          tokens.expect(Token.Kind.BLOCK_END, "'%}'");
        }
        default -> {
          if (!ends.isEmpty()) {
            throw tokens.unexpected("'" + ends.get(ends.size() - 1) + "'");
          }
          tokens.leave();
          return List.copyOf(body);
        }
      }
    }
  }

  /** A body behind the end of its tag, up to and with the name that ends it. */
  private List<Statement> bodyTo(String end) {
    tokens.expect(Token.Kind.BLOCK_END, "'%}'");
    List<Statement> body = statements(List.of(end));
    tokens.expectName(end);
    return body;
  }

  private Statement statement() {
    Token tag = tokens.expect(Token.Kind.NAME, "a tag's name");
    return switch (tag.text()) {
      case "if" -> branches();
      case "for" -> loop(tag.line());
      case "set" -> set(tag.line());
      case "macro" -> macro();
      case "call" -> call(tag.line());
      case "filter" -> {
        Statement.Filtering filters = filters(tag.line());
        yield new Statement.FilterBlock(filters, bodyTo("endfilter"), tag.line());
      }
      case "with" -> with();
      case "print" -> new Statement.Output(expressions.tuple(true, "", false), tag.line());
      case "generation" -> new Statement.Scoped(bodyTo("endgeneration"));
      case "break" -> leave(tag, Statement.Flow.BREAK);
      case "continue" -> leave(tag, Statement.Flow.CONTINUE);
      default ->
          throw new TemplateFault(
              tag.line(),
              (OTHERS.contains(tag.text()) ? "the tag '" : "the unknown tag '") + tag.text() + "'");
    };
  }

  private Statement leave(Token tag, Statement.Flow flow) {
    if (loops == 0) {
      throw new TemplateFault(tag.line(), "'" + tag.text() + "' outside of a loop");
    }
    return new Statement.Leave(flow);
  }

  private Statement branches() {
    List<Expression> conditions = new ArrayList<>();
    List<List<Statement>> bodies = new ArrayList<>();
    while (true) {
      conditions.add(expressions.tuple(false, "", false));
      tokens.expect(Token.Kind.BLOCK_END, "'%}'");
      bodies.add(statements(List.of("elif", "else", "endif")));
      if (tokens.skipName("elif")) {
        continue;
      }
      List<Statement> otherwise = tokens.skipName("else") ? bodyTo("endif") : end("endif");
      return new Statement.If(List.copyOf(conditions), List.copyOf(bodies), otherwise);
    }
  }

  private List<Statement> end(String name) {
    tokens.expectName(name);
    return List.of();
  }

  private Statement loop(int line) {
    Target target = target("in", false);
    tokens.expectName("in");
    Expression items = expressions.tuple(false, "recursive", false);
    Optional<Expression> test =
        tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    boolean recursive = tokens.skipName("recursive");
    tokens.expect(Token.Kind.BLOCK_END, "'%}'");
    loops++;
    List<Statement> body = statements(List.of("else", "endfor"));
    loops--;
    List<Statement> otherwise = tokens.skipName("else") ? bodyTo("endfor") : end("endfor");
    return new Statement.For(target, items, test, recursive, body, otherwise, line);
  }

  /**
   * What a value is given to.
   *
   * @param end the name behind it; empty: an equals sign or the end of the tag
   * @param parts whether it may be a part of a namespace
   */
  private Target target(String end, boolean parts) {
    List<Target> targets = new ArrayList<>();
    boolean several = false;
    while (!endsTarget(end)) {
      targets.add(oneTarget(parts));
      if (!tokens.skipOperator(",")) {
        break;
      }
      several = true;
    }
    if (targets.isEmpty()) {
      throw tokens.unexpected("a name");
    }
    return several ? new Target.Several(List.copyOf(targets)) : targets.get(0);
  }

  private boolean endsTarget(String end) {
    Token token = tokens.current();
    return token.is(Token.Kind.BLOCK_END)
        || token.isOperator(")")
        || (!end.isEmpty() && token.isName(end));
  }

  private Target oneTarget(boolean parts) {
    if (tokens.skipOperator("(")) {
      tokens.enter();
      Target inner = target("", parts);
      tokens.leave();
      tokens.expectOperator(")");
      return inner;
    }
    Token name = tokens.expect(Token.Kind.NAME, "a name");
    if (parts && tokens.skipOperator(".")) {
      return new Target.Part(name.text(), tokens.expect(Token.Kind.NAME, "a name").text());
    }
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
      throw new TemplateFault(name.line(), "'" + name.text() + "' stands where a name is expected");
    }
    return new Target.OneName(name.text());
  }

  private Statement set(int line) {
    Target target = target("", true);
    if (tokens.skipOperator("=")) {
      return new Statement.SetValue(target, expressions.tuple(true, "", false), line);
    }
    Optional<Statement.Filtering> filters =
        tokens.skipOperator("|") ? Optional.of(filters(line)) : Optional.empty();
    return new Statement.SetBlock(target, filters, bodyTo("endset"), line);
  }

  /** Filters without a value before them. */
  private Statement.Filtering filters(int line) {
    List<String> names = new ArrayList<>();
    List<Expression.Written> arguments = new ArrayList<>();
    do {
      names.add(expressions.operands().dotted());
      arguments.add(expressions.operands().argumentsIfThere());
    } while (tokens.skipOperator("|"));
    return new Statement.Filtering(List.copyOf(names), List.copyOf(arguments), line);
  }

  private Statement with() {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.current().is(Token.Kind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(target("", false));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Statement.With(List.copyOf(targets), List.copyOf(values), bodyTo("endwith"));
  }

  private Statement macro() {
    String name = tokens.expect(Token.Kind.NAME, "a name").text();
    List<String> names = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    signature(names, defaults);
    int from = tokens.place();
    List<Statement> body = outsideOfLoops("endmacro");
    return new Statement.MacroDefinition(
        name, new Macro.Signature(names, defaults, special(from)), body);
  }

  private Statement call(int line) {
    List<String> names = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    if (tokens.current().isOperator("(")) {
      signature(names, defaults);
    }
    Expression expression = expressions.expression();
    if (!(expression instanceof Expression.Call call)) {
      throw new TemplateFault(line, "the tag 'call' without a call");
    }
    int from = tokens.place();
    List<Statement> body = outsideOfLoops("endcall");
    return new Statement.CallBlock(
        call, new Macro.Signature(names, defaults, special(from)), body, line);
  }

  /** A function's body: a loop around it is none of its own. */
  private List<Statement> outsideOfLoops(String end) {
    int around = loops;
    loops = 0;
    List<Statement> body = bodyTo(end);
    loops = around;
    return body;
  }

  private void signature(List<String> names, List<Expression> defaults) {
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      if (!names.isEmpty()) {
        tokens.expectOperator(",");
      }
      names.add(tokens.expect(Token.Kind.NAME, "a name").text());
      if (tokens.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw tokens.unexpected("a default");
      }
    }
  }

  /** Which of the names that a macro has by itself stand between a place and the current one. */
  private List<String> special(int from) {
    return SPECIAL.stream()
        .filter(
            name -> {
              Stream<Token> body = all.subList(from, tokens.place()).stream();
              return body.anyMatch(token -> token.isName(name));
            })
        .toList();
  }
}
