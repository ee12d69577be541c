package org.ssasuite.core.parquet;

import org.ssasuite.core.python.PythonText;

/** What a schema says that a type or a group stands for. */
enum Meaning {
  /** Nothing is said. */
  NONE,
  TEXT,
  LIST,
  UNSIGNED,
  SIGNED,

  /** A column of nothing but nulls. */
  UNKNOWN,
  MAP,
  DECIMAL,
  DATE,
  TIME,
  TIMESTAMP,
  BSON,
  UUID,
  FLOAT16,
  INTERVAL,
  OTHER;

  private static final int INTEGER = 10;

  /** Of a schema's element. */
  static Meaning of(ThriftStruct element) {
    return element
        .findStruct(10, "a column's logical type")
        .map(Meaning::logical)
        .orElseGet(
            () -> element.has(6) ? converted(element.count(6, "a column's converted type")) : NONE);
  }

  /** A union: one field of it is there. */
  private static Meaning logical(ThriftStruct union) {
    int kind = union.fields().keySet().stream().findFirst().orElse(0);
    return switch (kind) {
      case 0 -> NONE;
      case 1, 4, 12 -> TEXT; // text, one of some texts, JSON
      case 2 -> MAP;
      case 3 -> LIST;
      case 5 -> DECIMAL;
      case 6 -> DATE;
      case 7 -> TIME;
      case 8 -> TIMESTAMP;
      case INTEGER ->
          union.struct(INTEGER, "a column's integer type").flag(2, "a column's sign", true)
              ? SIGNED
              : UNSIGNED;
      case 11 -> UNKNOWN;
      case 13 -> BSON;
      case 14 -> UUID;
      case 15 -> FLOAT16;
      default -> OTHER;
    };
  }

  private static Meaning converted(int type) {
    return switch (type) {
      case 0, 4, 19 -> TEXT;
      case 1, 2 -> MAP;
      case 3 -> LIST;
      case 5 -> DECIMAL;
      case 6 -> DATE;
      case 7, 8 -> TIME;
      case 9, 10 -> TIMESTAMP;
      case 11, 12, 13, 14 -> UNSIGNED;
      case 15, 16, 17, 18 -> SIGNED;
      case 20 -> BSON;
      case 21 -> INTERVAL;
      default -> OTHER;
    };
  }

  /** In a message. */
  String word() {
    return PythonText.lower(name());
  }
}
