package org.ssasuite.runtime.gguf;

import java.util.Arrays;
import java.util.Optional;

/** What a token is for. */
enum TokenType {
  UNDEFINED(0),
  NORMAL(1),
  UNKNOWN(2),
  CONTROL(3),
  USER_DEFINED(4),
  /** Fills up a vocabulary: no text has it. */
  UNUSED(5),
  BYTE(6);

  private final int code;

  TokenType(int code) {
    this.code = code;
  }

  static Optional<TokenType> of(double code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }

  /** Whether it is found in a text before the text is split. */
  boolean isAdded() {
    return this == UNKNOWN || this == CONTROL || this == USER_DEFINED;
  }
}
