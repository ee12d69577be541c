package org.ssasuite.core.parquet;

/**
 * Unpacks Snappy's raw format.
 *
 * <p>Source: {@code format_description.txt} of google/snappy.
 */
final class Snappy {
  /** The best that it packs: a copy of 64 bytes is three bytes. */
  static final int MOST_RATIO = 22;

  private static final int INLINE_LENGTHS = 60;

  private Snappy() {}

  /** All of it, which has to be as many bytes as {@code out} has room for. */
  static void unpack(Cursor in, Output out) {
    if (in.varint() != out.room()) {
      throw in.spot().bad("a page unpacks to another size than it states");
    }
    while (in.rest() > 0) {
      int tag = in.next();
      int high = tag >> 2;
      switch (tag & 3) {
        case 0 -> out.put(in, literal(in, high));
        case 1 -> out.copy(((high >> 3) << Byte.SIZE) | in.next(), (high & 7) + 4);
        case 2 -> out.copy(in.next() | (in.next() << Byte.SIZE), high + 1);
        default -> out.copy(in.fourBytes(), high + 1);
      }
    }
  }

  private static int literal(Cursor in, int high) {
    if (high < INLINE_LENGTHS) {
      return high + 1;
    }
    int length = 0;
    for (int i = 0; i < high - INLINE_LENGTHS + 1; i++) {
      length |= in.next() << (Byte.SIZE * i);
    }
    return length + 1;
  }
}
