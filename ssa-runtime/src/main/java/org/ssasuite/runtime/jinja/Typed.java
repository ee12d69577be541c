package org.ssasuite.runtime.jinja;

import java.util.Optional;

/** Arguments as the types that are needed. */
final class Typed {
  private Typed() {}

  static String text(String callee, Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    throw TemplateFault.of(callee + " of '" + TypeName.of(value) + "', where a text is needed");
  }

  static int whole(String callee, Object value) {
    if (!Values.isWhole(value)) {
      throw TemplateFault.of(
          callee + " of '" + TypeName.of(value) + "', where a whole number is needed");
    }
    long whole = Values.whole(value);
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, whole));
  }

  static boolean isTrue(Optional<Object> value) {
    return value.map(Values::isTrue).orElse(false);
  }

  /** Python's {@code None} counts as nothing said. */
  static Optional<Object> said(Optional<Object> value) {
    return value.filter(one -> one != Nothing.NONE);
  }
}
