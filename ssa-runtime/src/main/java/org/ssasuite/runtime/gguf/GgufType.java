package org.ssasuite.runtime.gguf;

import java.util.Arrays;
import java.util.Optional;

/** The types of values in metadata. */
public enum GgufType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  /** A length of 64 bits and UTF-8. */
  STRING(8, 8),
  /** A type, a count of 64 bits, values. */
  ARRAY(9, 12),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private final int code;
  private final int bytes;

  GgufType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** What files call it. */
  int code() {
    return code;
  }

  /** What one takes in a file, at least. */
  int bytes() {
    return bytes;
  }

  /** Whether values have a length of their own. */
  boolean isVariable() {
    return this == STRING || this == ARRAY;
  }

  static Optional<GgufType> of(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }
}
