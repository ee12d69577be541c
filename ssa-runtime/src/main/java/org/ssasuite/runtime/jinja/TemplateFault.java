package org.ssasuite.runtime.jinja;

/** A template that cannot be read, or says itself that it cannot be rendered. */
public final class TemplateFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;

  /**
   * A fault.
   *
   * @param line of the template, from 1; 0 where it is not known yet
   */
  TemplateFault(int line, String fact) {
    super(fact);
    this.line = line;
  }

  /** One whose line whoever evaluates knows. */
  static TemplateFault of(String fact) {
    return new TemplateFault(0, fact);
  }

  /** The same at a line, unless it has one. */
  TemplateFault at(int where) {
    return line > 0 ? this : new TemplateFault(where, getMessage());
  }

  /** Line and fact. */
  public String fact() {
    return "line " + line + ": " + getMessage();
  }
}
