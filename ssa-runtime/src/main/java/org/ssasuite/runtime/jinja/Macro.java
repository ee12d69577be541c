package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A template's own function. It knows the names around the place where it stands.
 *
 * <p>Reference: jinja2 3.1.6, {@code runtime.Macro}.
 */
record Macro(String name, Signature signature, List<Statement> body, Scope around)
    implements Function {
  /**
   * What it is called with.
   *
   * @param defaults of the last names
   * @param special which of {@code varargs}, {@code kwargs} and {@code caller} the body names
   */
  record Signature(List<String> names, List<Expression> defaults, List<String> special) {
    boolean has(String one) {
      return special.contains(one);
    }
  }

  @Override
  public Object call(Arguments arguments, Rendering rendering) {
    return rendering.deeper(() -> rendering.made(written(arguments)));
  }

  private String written(Arguments arguments) {
    Scope scope = around.inner(body);
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    List<Object> positional = arguments.positional();
    List<String> names = signature.names();
    for (int i = 0; i < names.size(); i++) {
      scope.set(names.get(i), argument(i, positional, named, scope));
    }
    if (signature.has("caller") && !names.contains("caller")) {
      Object caller = named.remove("caller");
      scope.set("caller", caller == null ? new Undefined("no caller is there") : caller);
    }
    if (signature.has("kwargs")) {
      scope.set("kwargs", new LinkedHashMap<Object, Object>(named));
    } else if (!named.isEmpty()) {
      throw TemplateFault.of(
          "the macro '" + name + "' has no argument '" + named.keySet().iterator().next() + "'");
    }
    List<Object> more =
        positional.subList(Math.min(names.size(), positional.size()), positional.size());
    if (signature.has("varargs")) {
      scope.set("varargs", new Tuple(new ArrayList<>(more)));
    } else if (!more.isEmpty()) {
      throw TemplateFault.of(
          "the macro '"
              + name
              + "' takes "
              + names.size()
              + " arguments, not "
              + positional.size());
    }
    return Statement.written(body, scope);
  }

  private Object argument(int i, List<Object> positional, Map<String, Object> named, Scope scope) {
    String own = signature.names().get(i);
    if (i < positional.size()) {
      return positional.get(i);
    }
    Optional<Object> byName = Optional.ofNullable(named.remove(own));
    if (byName.isPresent()) {
      return byName.get();
    }
    int silent = i - (signature.names().size() - signature.defaults().size());
    return silent < 0
        ? new Undefined("parameter '" + own + "' was not provided")
        : signature.defaults().get(silent).value(scope);
  }
}
