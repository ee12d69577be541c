package org.ssasuite.runtime.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Something that a template does. */
sealed interface Statement {
  /** How it goes on behind a statement. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow run(Scope scope, StringBuilder out);

  /** All of them, up to one that leaves a loop's round. */
  static Flow run(List<Statement> body, Scope scope, StringBuilder out) {
    for (Statement statement : body) {
      Flow flow = statement.run(scope, out);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  /** What a body writes. */
  static String written(List<Statement> body, Scope scope) {
    StringBuilder text = new StringBuilder();
    run(body, scope, text);
    return text.toString();
  }

  record Data(String text) implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      out.append(scope.rendering().made(text));
      return Flow.NEXT;
    }
  }

  record Output(Expression expression, int line) implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      scope.rendering().step(line);
      Object value = expression.value(scope);
      out.append(scope.rendering().made(ValueText.of(value, scope.rendering())));
      return Flow.NEXT;
    }
  }

  /** Conditions and what is done at the first that holds. */
  record If(List<Expression> conditions, List<List<Statement>> bodies, List<Statement> otherwise)
      implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      for (int i = 0; i < conditions.size(); i++) {
        if (Values.isTrue(conditions.get(i).value(scope))) {
          return Statement.run(bodies.get(i), scope, out);
        }
      }
      return Statement.run(otherwise, scope, out);
    }
  }

  record For(
      Target target,
      Expression items,
      Optional<Expression> test,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      scope.rendering().step(line);
      over(items.value(scope), 0, scope, out);
      return Flow.NEXT;
    }

    private void over(Object all, int depth, Scope scope, StringBuilder out) {
      Rendering rendering = scope.rendering();
      Iterator<Object> items = Values.iterator(all, rendering);
      Iterator<Object> kept =
          test.isPresent() ? new Tested(items, target, test.get(), scope) : items;
      Optional<Loop.Recursion> recursion =
          recursive
              ? Optional.of(
                  (inner, level) -> {
                    StringBuilder text = new StringBuilder();
                    over(inner, level, scope, text);
                    return text.toString();
                  })
              : Optional.empty();
      Loop loop =
          new Loop(
              kept,
              test.isPresent() ? OptionalInt.empty() : Values.length(all),
              depth,
              recursion,
              rendering);
      boolean any = false;
      while (loop.hasNext()) {
        any = true;
        rendering.step(line);
        Scope round = scope.inner(body);
        target.set(loop.next(), round);
        round.set("loop", loop);
        if (Statement.run(body, round, out) == Flow.BREAK) {
          return;
        }
      }
      if (!any) {
        Statement.run(otherwise, scope.inner(otherwise), out);
      }
    }
  }

  record SetValue(Target target, Expression expression, int line) implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      scope.rendering().step(line);
      target.set(expression.value(scope), scope);
      return Flow.NEXT;
    }
  }

  /** A name for what a body writes, maybe filtered. */
  record SetBlock(Target target, Optional<Filtering> filters, List<Statement> body, int line)
      implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      scope.rendering().step(line);
      Object text = Statement.written(body, scope.inner(body));
      target.set(filters.isPresent() ? filters.get().of(text, scope) : text, scope);
      return Flow.NEXT;
    }
  }

  record FilterBlock(Filtering filters, List<Statement> body, int line) implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      scope.rendering().step(line);
      String text = Statement.written(body, scope.inner(body));
      Object filtered = filters.of(text, scope);
      out.append(ValueText.of(filtered, scope.rendering()));
      return Flow.NEXT;
    }
  }

  /** Filters one behind the other, of what is not written before them. */
  record Filtering(List<String> names, List<Expression.Written> arguments, int line) {
    Object of(Object text, Scope scope) {
      Object value = text;
      for (int i = 0; i < names.size(); i++) {
        Arguments with = arguments.get(i).values(scope);
        scope.rendering().step(line);
        value = Filters.apply(names.get(i), value, with, scope.rendering());
      }
      return value;
    }
  }

  record With(List<Target> targets, List<Expression> values, List<Statement> body)
      implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      Scope inner = scope.inner(body);
      for (int i = 0; i < targets.size(); i++) {
        // In the scope around: none of them knows the others.
        targets.get(i).set(values.get(i).value(scope), inner);
      }
      return Statement.run(body, inner, out);
    }
  }

  record MacroDefinition(String name, Macro.Signature signature, List<Statement> body)
      implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      scope.set(name, new Macro(name, signature, body, scope));
      return Flow.NEXT;
    }
  }

  /** A call that gets its body as a macro of the name {@code caller}. */
  record CallBlock(Expression.Call call, Macro.Signature signature, List<Statement> body, int line)
      implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      scope.rendering().step(line);
      Macro caller = new Macro("caller", signature, body, scope);
      Object text = call.called(scope, Map.of("caller", caller));
      out.append(ValueText.of(text, scope.rendering()));
      return Flow.NEXT;
    }
  }

  /** A body in a scope of its own, as transformers' tag {@code generation} has it. */
  record Scoped(List<Statement> body) implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      Statement.run(body, scope.inner(body), out);
      return Flow.NEXT;
    }
  }

  record Leave(Flow flow) implements Statement {
    @Override
    public Flow run(Scope scope, StringBuilder out) {
      return flow;
    }
  }
}
