package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Something that has a value. */
sealed interface Expression {
  Object value(Scope scope);

  /** The expressions that it is made of. */
  default List<Expression> parts() {
    return List.of();
  }

  /** A literal. */
  record Constant(Object of) implements Expression {
    @Override
    public Object value(Scope scope) {
      return of;
    }
  }

  record Name(String name, int line) implements Expression {
    @Override
    public Object value(Scope scope) {
      scope.rendering().step(line);
      return scope.get(name);
    }
  }

  record ListOf(List<Expression> items) implements Expression {
    @Override
    public Object value(Scope scope) {
      return scope.rendering().made(values(items, scope));
    }

    @Override
    public List<Expression> parts() {
      return items;
    }
  }

  record TupleOf(List<Expression> items) implements Expression {
    @Override
    public Object value(Scope scope) {
      return new Tuple(scope.rendering().made(values(items, scope)));
    }

    @Override
    public List<Expression> parts() {
      return items;
    }
  }

  record MapOf(List<Expression> keys, List<Expression> values) implements Expression {
    @Override
    public Object value(Scope scope) {
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        Object key = keys.get(i).value(scope);
        if (!(key instanceof String) && !(key instanceof Long)) {
          throw TemplateFault.of("a dict with a key of '" + TypeName.of(key) + "'");
        }
        map.put(key, values.get(i).value(scope));
      }
      scope.rendering().spend(map.size());
      return map;
    }

    @Override
    public List<Expression> parts() {
      return Stream.concat(keys.stream(), values.stream()).toList();
    }
  }

  record Attribute(Expression of, String name, int line) implements Expression {
    @Override
    public Object value(Scope scope) {
      Object value = of.value(scope);
      scope.rendering().step(line);
      return Attributes.attribute(value, name, scope.rendering());
    }

    @Override
    public List<Expression> parts() {
      return List.of(of);
    }
  }

  record Item(Expression of, Expression key, int line) implements Expression {
    @Override
    public Object value(Scope scope) {
      Object value = of.value(scope);
      Object at = key.value(scope);
      scope.rendering().step(line);
      return Attributes.item(value, at, scope.rendering());
    }

    @Override
    public List<Expression> parts() {
      return List.of(of, key);
    }
  }

  record Slice(Expression of, Expression from, Expression to, Expression step, int line)
      implements Expression {
    @Override
    public Object value(Scope scope) {
      Object value = of.value(scope);
      Object begin = from.value(scope);
      Object end = to.value(scope);
      Object by = step.value(scope);
      scope.rendering().step(line);
      return Attributes.slice(value, begin, end, by, scope.rendering());
    }

    @Override
    public List<Expression> parts() {
      return List.of(of, from, to, step);
    }
  }

  /** Arguments as they are written. */
  record Written(
      List<Expression> positional,
      Map<String, Expression> named,
      Optional<Expression> morePositional,
      Optional<Expression> moreNamed) {
    Arguments values(Scope scope) {
      List<Object> all = Expression.values(positional, scope);
      Map<String, Object> byName = new LinkedHashMap<>();
      morePositional.ifPresent(
          more -> all.addAll(Values.list(more.value(scope), scope.rendering())));
      named.forEach((name, value) -> byName.put(name, value.value(scope)));
      moreNamed.ifPresent(more -> put(more.value(scope), byName));
      return new Arguments(all, byName);
    }

    /** All of them, in their order. */
    List<Expression> parts() {
      List<Expression> parts = new ArrayList<>(positional);
      parts.addAll(named.values());
      morePositional.ifPresent(parts::add);
      moreNamed.ifPresent(parts::add);
      return parts;
    }

    private List<Expression> behind(Expression first) {
      return Stream.concat(Stream.of(first), parts().stream()).toList();
    }

    private static void put(Object more, Map<String, Object> to) {
      if (!(more instanceof Map<?, ?> map)) {
        throw TemplateFault.of("** of '" + TypeName.of(more) + "'");
      }
      map.forEach((name, value) -> to.put(Typed.text("**", name), value));
    }
  }

  record Call(Expression of, Written arguments, int line) implements Expression {
    @Override
    public Object value(Scope scope) {
      return called(scope, Map.of());
    }

    /** With more arguments than are written. */
    Object called(Scope scope, Map<String, Object> more) {
      Object callee = of.value(scope);
      Arguments own = arguments.values(scope);
      Map<String, Object> named = new LinkedHashMap<>(own.named());
      named.putAll(more);
      scope.rendering().step(line);
      if (callee instanceof Function function) {
        return function.call(new Arguments(own.positional(), named), scope.rendering());
      }
      if (callee instanceof Undefined undefined) {
        throw undefined.fault();
      }
      throw TemplateFault.of("a call of '" + TypeName.of(callee) + "'");
    }

    @Override
    public List<Expression> parts() {
      return arguments.behind(of);
    }
  }

  record Filtered(Expression of, String name, Written arguments, int line) implements Expression {
    @Override
    public Object value(Scope scope) {
      Object value = of.value(scope);
      Arguments with = arguments.values(scope);
      scope.rendering().step(line);
      return Filters.apply(name, value, with, scope.rendering());
    }

    @Override
    public List<Expression> parts() {
      return arguments.behind(of);
    }
  }

  record Tested(Expression of, String name, Written arguments, int line) implements Expression {
    @Override
    public Object value(Scope scope) {
      Object value = of.value(scope);
      Arguments with = arguments.values(scope);
      scope.rendering().step(line);
      return Tests.holds(name, value, with, scope.rendering());
    }

    @Override
    public List<Expression> parts() {
      return arguments.behind(of);
    }
  }

  record Not(Expression of) implements Expression {
    @Override
    public Object value(Scope scope) {
      return !Values.isTrue(of.value(scope));
    }

    @Override
    public List<Expression> parts() {
      return List.of(of);
    }
  }

  record And(Expression left, Expression right) implements Expression {
    @Override
    public Object value(Scope scope) {
      Object value = left.value(scope);
      return Values.isTrue(value) ? right.value(scope) : value;
    }

    @Override
    public List<Expression> parts() {
      return List.of(left, right);
    }
  }

  record Or(Expression left, Expression right) implements Expression {
    @Override
    public Object value(Scope scope) {
      Object value = left.value(scope);
      return Values.isTrue(value) ? value : right.value(scope);
    }

    @Override
    public List<Expression> parts() {
      return List.of(left, right);
    }
  }

  /** {@code a if b else c}; without a third nothing that is defined. */
  record Choice(Expression condition, Expression then, Optional<Expression> otherwise, int line)
      implements Expression {
    @Override
    public Object value(Scope scope) {
      if (Values.isTrue(condition.value(scope))) {
        return then.value(scope);
      }
      return otherwise.isPresent()
          ? otherwise.get().value(scope)
          : new Undefined("an inline 'if' without an 'else' was false");
    }

    @Override
    public List<Expression> parts() {
      return Stream.concat(Stream.of(condition, then), otherwise.stream()).toList();
    }
  }

  record Concatenation(List<Expression> texts) implements Expression {
    @Override
    public Object value(Scope scope) {
      StringBuilder text = new StringBuilder();
      for (Expression part : texts) {
        text.append(scope.rendering().made(ValueText.of(part.value(scope), scope.rendering())));
      }
      return text.toString();
    }

    @Override
    public List<Expression> parts() {
      return texts;
    }
  }

  record Operation(Operator operator, Expression left, Expression right, int line)
      implements Expression {
    @Override
    public Object value(Scope scope) {
      Object a = left.value(scope);
      Object b = right.value(scope);
      scope.rendering().step(line);
      return operator.of(a, b, scope.rendering());
    }

    @Override
    public List<Expression> parts() {
      return List.of(left, right);
    }
  }

  /** A sign before a number. */
  record Signed(Expression of, boolean minus, int line) implements Expression {
    @Override
    public Object value(Scope scope) {
      Object value = of.value(scope);
      scope.rendering().step(line);
      return Operator.signed(value, minus);
    }

    @Override
    public List<Expression> parts() {
      return List.of(of);
    }
  }

  /** {@code a < b < c}: each with its neighbour, up to the first that does not hold. */
  record Comparison(Expression first, List<Comparator> operators, List<Expression> others, int line)
      implements Expression {
    @Override
    public Object value(Scope scope) {
      Object left = first.value(scope);
      for (int i = 0; i < operators.size(); i++) {
        Object right = others.get(i).value(scope);
        scope.rendering().step(line);
        if (!operators.get(i).holds(left, right, scope.rendering())) {
          return false;
        }
        left = right;
      }
      return true;
    }

    @Override
    public List<Expression> parts() {
      return Stream.concat(Stream.of(first), others.stream()).toList();
    }
  }

  static List<Object> values(List<Expression> expressions, Scope scope) {
    List<Object> values = new ArrayList<>();
    for (Expression expression : expressions) {
      values.add(expression.value(scope));
    }
    return values;
  }
}
