package org.ssasuite.runtime.jinja;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names that a body hides although nothing sets them yet: jinja2 decides about a frame's names
 * before it runs, and one that is set there without having been read before, and that no frame
 * around knows, is undefined up to where it is set, also where a variable of the template has the
 * name.
 *
 * <p>Reference: jinja2 3.1.6, {@code idtracking.py}.
 */
final class HiddenNames {
  private final IdentityHashMap<List<Statement>, Set<String>> byBody = new IdentityHashMap<>();

  private HiddenNames() {}

  /** Of each body of a template, by the body itself. */
  static IdentityHashMap<List<Statement>, Set<String>> of(List<Statement> template) {
    HiddenNames names = new HiddenNames();
    names.frame(template, new Frame(Optional.empty()));
    return names.byBody;
  }

  private enum Known {
    GIVEN,
    RESOLVED,
    UNDEFINED
  }

  /** What is known of a frame's names. Mutable while its body is read. */
  private static final class Frame {
    private final Optional<Frame> around;
    private final Map<String, Known> names = new HashMap<>();
    private final Set<String> stored = new HashSet<>();

    Frame(Optional<Frame> around) {
      this.around = around;
    }

    Frame copy() {
      Frame copy = new Frame(around);
      copy.names.putAll(names);
      copy.stored.addAll(stored);
      return copy;
    }

    boolean knows(String name) {
      return names.containsKey(name) || isKnownAround(name);
    }

    boolean isKnownAround(String name) {
      return around.filter(outer -> outer.knows(name)).isPresent();
    }

    void load(String name) {
      if (!knows(name)) {
        names.put(name, Known.RESOLVED);
      }
    }

    void store(String name) {
      stored.add(name);
      names.putIfAbsent(name, isKnownAround(name) ? Known.GIVEN : Known.UNDEFINED);
    }

    void give(String name) {
      stored.remove(name);
      names.put(name, Known.GIVEN);
    }

    /** What is set in a branch is before it what it was around the condition. */
    void join(List<Frame> branches) {
      Set<String> set = new HashSet<>();
      branches.forEach(branch -> set.addAll(branch.stored));
      set.removeAll(stored);
      for (Frame branch : branches) {
        names.putAll(branch.names);
        stored.addAll(branch.stored);
      }
      set.forEach(name -> names.put(name, isKnownAround(name) ? Known.GIVEN : Known.RESOLVED));
    }
  }

  /** Reads a body, then the frames inside of it. */
  private void frame(List<Statement> body, Frame frame) {
    visit(body, frame);
    Set<String> hidden =
        frame.names.entrySet().stream()
            .filter(entry -> entry.getValue() == Known.UNDEFINED)
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    if (!body.isEmpty()) {
      byBody.put(body, hidden);
    }
    inner(body, frame);
  }

  private static void visit(List<Statement> body, Frame frame) {
    body.forEach(statement -> visit(statement, frame));
  }

  private static void visit(Statement statement, Frame frame) {
    if (statement instanceof Statement.Output output) {
      visit(output.expression(), frame);
    } else if (statement instanceof Statement.If branches) {
      visit(branches, frame);
    } else if (statement instanceof Statement.SetValue set) {
      visit(set.expression(), frame);
      store(set.target(), frame);
    } else if (statement instanceof Statement.SetBlock set) {
      store(set.target(), frame);
    } else if (statement instanceof Statement.For loop) {
      visit(loop.items(), frame);
    } else if (statement instanceof Statement.MacroDefinition macro) {
      frame.store(macro.name());
    } else if (statement instanceof Statement.CallBlock block) {
      visit(block.call(), frame);
    } else if (statement instanceof Statement.FilterBlock block) {
      visit(block.filters(), frame);
    } else if (statement instanceof Statement.With with) {
      with.values().forEach(value -> visit(value, frame));
    }
  }

  private static void visit(Statement.If branches, Frame frame) {
    visit(branches.conditions().get(0), frame);
    Frame first = frame.copy();
    visit(branches.bodies().get(0), first);
    Frame others = frame.copy();
    for (int i = 1; i < branches.conditions().size(); i++) {
      // Each of them is a condition of its own there.
      visit(branches.conditions().get(i), others);
      Frame one = others.copy();
      visit(branches.bodies().get(i), one);
      others.join(List.of(one));
    }
    Frame otherwise = frame.copy();
    visit(branches.otherwise(), otherwise);
    frame.join(List.of(first, others, otherwise));
  }

  private static void visit(Statement.Filtering filters, Frame frame) {
    filters.arguments().forEach(written -> visit(written.parts(), frame));
  }

  private static void visit(Expression expression, Frame frame) {
    if (expression instanceof Expression.Name name) {
      frame.load(name.name());
    }
    visit(expression.parts(), frame);
  }

  private static void visit(Iterable<Expression> parts, Frame frame) {
    parts.forEach(part -> visit(part, frame));
  }

  private static void store(Target target, Frame frame) {
    if (target instanceof Target.OneName one) {
      frame.store(one.name());
    } else if (target instanceof Target.Several several) {
      several.targets().forEach(each -> store(each, frame));
    } else if (target instanceof Target.Part part) {
      frame.load(part.namespace());
    }
  }

  private static void give(Target target, Frame frame) {
    if (target instanceof Target.OneName one) {
      frame.give(one.name());
    } else if (target instanceof Target.Several several) {
      several.targets().forEach(each -> give(each, frame));
    }
  }

  private void inner(List<Statement> body, Frame around) {
    for (Statement statement : body) {
      Frame frame = new Frame(Optional.of(around));
      if (statement instanceof Statement.If branches) {
        branches.bodies().forEach(branch -> inner(branch, around));
        inner(branches.otherwise(), around);
      } else if (statement instanceof Statement.For loop) {
        frame.give("loop");
        give(loop.target(), frame);
        frame(loop.body(), frame);
        frame(loop.otherwise(), new Frame(Optional.of(around)));
      } else if (statement instanceof Statement.SetBlock set) {
        frame(set.body(), frame);
      } else if (statement instanceof Statement.MacroDefinition macro) {
        signature(macro.signature(), frame);
        frame(macro.body(), frame);
      } else if (statement instanceof Statement.CallBlock block) {
        signature(block.signature(), frame);
        frame(block.body(), frame);
      } else if (statement instanceof Statement.With with) {
        with.targets().forEach(target -> give(target, frame));
        frame(with.body(), frame);
      } else if (statement instanceof Statement.FilterBlock block) {
        frame(block.body(), frame);
      } else if (statement instanceof Statement.Scoped scoped) {
        frame(scoped.body(), frame);
      }
    }
  }

  private static void signature(Macro.Signature signature, Frame frame) {
    signature.names().forEach(frame::give);
    signature.special().forEach(frame::give);
    signature.defaults().forEach(value -> visit(value, frame));
  }
}
