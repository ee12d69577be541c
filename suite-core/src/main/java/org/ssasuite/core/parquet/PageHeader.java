package org.ssasuite.core.parquet;

import java.util.OptionalInt;

/**
 * What stands before a page.
 *
 * <p>Source: {@code parquet.thrift}, {@code PageHeader}.
 *
 * @param bytes as they lie in the file
 * @param unpacked how many those are unpacked
 * @param check CRC-32 of the bytes in the file, where the writer put one
 */
record PageHeader(Kind kind, int bytes, int unpacked, OptionalInt check, ThriftStruct own) {
  /** What a page holds. */
  enum Kind {
    DATA,
    INDEX,
    DICTIONARY,
    DATA_2
  }

  static PageHeader of(ThriftStruct header, Spot spot) {
    int number = header.count(1, "a page's type");
    Kind kind =
        switch (number) {
          case 0 -> Kind.DATA;
          case 1 -> Kind.INDEX;
          case 2 -> Kind.DICTIONARY;
          case 3 -> Kind.DATA_2;
          default -> throw spot.bad("a page is of type " + number + ", which is not known");
        };
    return new PageHeader(
        kind,
        header.count(3, "a page's size"),
        header.count(2, "a page's unpacked size"),
        header.has(4)
            ? OptionalInt.of((int) header.whole(4, "a page's check"))
            : OptionalInt.empty(),
        kind == Kind.INDEX ? header : header.struct(own(kind), "what a page says of itself"));
  }

  private static int own(Kind kind) {
    return switch (kind) {
      case DATA -> 5;
      case INDEX -> 6;
      case DICTIONARY -> 7;
      case DATA_2 -> 8;
    };
  }

  /** Of a page with values. */
  int values() {
    return own.count(1, "a page's number of values");
  }

  /** Of a page with values, in {@link Values}' numbers. */
  int encoding() {
    return own.count(kind == Kind.DATA_2 ? 4 : 2, "a page's encoding");
  }
}
