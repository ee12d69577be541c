package org.ssasuite.runtime.jinja;

import java.time.LocalDate;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A template that has been read. Safe for several threads.
 *
 * <p>Reference: jinja2 3.1.6, {@code ImmutableSandboxedEnvironment(trim_blocks=True,
 * lstrip_blocks=True, extensions=[loopcontrols])}, with transformers 4.53.3's {@code generation},
 * {@code tojson}, {@code raise_exception} and {@code strftime_now}. Not all of it: what is not
 * known here is a fault that names it, never another text.
 */
public final class Template {
  /** Characters; the longest chat templates have a tenth of it. */
  private static final int MOST_CHARACTERS = 1 << 18;

  private static final String TOO_DEEP = "more levels than the stack has room for";

  private final List<Statement> body;
  private final IdentityHashMap<List<Statement>, Set<String>> hidden;

  private Template(List<Statement> body) {
    this.body = body;
    this.hidden = HiddenNames.of(body);
  }

  /**
   * Reads a template.
   *
   * @throws TemplateFault if it is none
   */
  public static Template of(String source) {
    Objects.requireNonNull(source);
    if (source.length() > MOST_CHARACTERS) {
      throw new TemplateFault(1, "more than " + MOST_CHARACTERS + " characters");
    }
    try {
      return new Template(new StatementParser(Lexer.tokens(source)).template());
    } catch (StackOverflowError e) {
      // What is added up a hundred thousand times is a tree as deep; it has no other bound.
      throw new TemplateFault(1, TOO_DEEP);
    }
  }

  private static long characters(Object value) {
    if (value instanceof String text) {
      return text.length();
    }
    if (value instanceof Map<?, ?> map) {
      return map.values().stream().mapToLong(Template::characters).sum();
    }
    return value instanceof List<?> list ? list.stream().mapToLong(Template::characters).sum() : 0;
  }

  /**
   * What it writes.
   *
   * @param variables of strings, {@link Long}, {@link Double}, {@link Boolean}, {@link Nothing},
   *     lists and maps of them
   * @param date what {@code strftime_now} knows of now; absent: it is a fault to ask
   * @throws TemplateFault if it raises an exception, does what is not known here, or does too much
   */
  public String render(Map<String, Object> variables, Optional<LocalDate> date) {
    Rendering rendering = new Rendering(date, characters(variables));
    try {
      Scope context = Scope.of(variables, rendering, hidden);
      return Statement.written(body, context.inner(body));
    } catch (TemplateFault fault) {
      throw fault.at(rendering.line());
    } catch (StackOverflowError e) {
      throw new TemplateFault(rendering.line(), TOO_DEEP);
    }
  }
}
