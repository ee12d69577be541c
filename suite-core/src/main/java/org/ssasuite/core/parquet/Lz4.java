package org.ssasuite.core.parquet;

/**
 * Unpacks a block of LZ4.
 *
 * <p>Source: {@code doc/lz4_Block_format.md} of lz4/lz4.
 */
final class Lz4 {
  /** The best that it packs: each further byte of a length is 255 bytes. */
  static final int MOST_RATIO = 256;

  private static final int LONG = 15;
  private static final int LEAST_COPY = 4;

  private Lz4() {}

  /** All of it. */
  static void unpack(Cursor in, Output out) {
    while (in.rest() > 0) {
      int token = in.next();
      out.put(in, length(in, token >> 4));
      if (in.rest() > 0) {
        int distance = in.next() | (in.next() << Byte.SIZE);
        out.copy(distance, length(in, token & 0x0F) + LEAST_COPY);
      }
    }
  }

  private static int length(Cursor in, int stated) {
    long length = stated;
    for (int more = stated == LONG ? 0xFF : 0; more == 0xFF; ) {
      more = in.next();
      length += more;
    }
    return (int) Math.min(length, Integer.MAX_VALUE - LEAST_COPY);
  }
}
