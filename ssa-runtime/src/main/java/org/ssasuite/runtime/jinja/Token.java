package org.ssasuite.runtime.jinja;

/**
 * A piece of a template.
 *
 * @param text of a name, an operator or data as it stands, of a string or a number its value
 */
record Token(Kind kind, String text, int line) {
  enum Kind {
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind other) {
    return kind == other;
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /** In messages. */
  String shown() {
    return switch (kind) {
      case END -> "the end of the template";
      case VARIABLE_END -> "'}}'";
      case BLOCK_END -> "'%}'";
      case STRING -> "a string";
      default -> "'" + text + "'";
    };
  }
}
