package org.ssasuite.core.parquet;

/**
 * Whole numbers as differences in packed blocks.
 *
 * <p>Source: {@code Encodings.md} of apache/parquet-format, DELTA_BINARY_PACKED.
 */
final class DeltaNumbers {
  private static final int BLOCK_STEP = 128;
  private static final int MINIBLOCK_STEP = 32;
  private static final int MOST_BLOCK = 1 << 20;

  private DeltaNumbers() {}

  /**
   * Reads them to their end.
   *
   * @param most of which there may be no more
   */
  static long[] read(Cursor in, int most) {
    long block = in.varint();
    long miniblocks = in.varint();
    long count = in.varint();
    long value = in.zigzag();
    if (block <= 0
        || block > MOST_BLOCK
        || block % BLOCK_STEP != 0
        || miniblocks <= 0
        || block % miniblocks != 0
        || block / miniblocks % MINIBLOCK_STEP != 0) {
      throw in.spot().bad("a page has blocks of " + block + " values in " + miniblocks + " parts");
    }
    if (count < 0 || count > most) {
      throw in.spot().bad("a page has " + count + " numbers where " + most + " are the most");
    }
    long[] values = new long[(int) count];
    if (count > 0) {
      values[0] = value;
    }
    int done = Math.min(1, values.length);
    while (done < values.length) {
      done = block(in, values, done, (int) miniblocks, (int) (block / miniblocks));
    }
    return values;
  }

  private static int block(Cursor in, long[] values, int from, int miniblocks, int size) {
    long least = in.zigzag();
    Cursor widths = in.split(miniblocks);
    int done = from;
    // What no value lies in has a width, and no bytes.
    for (int i = 0; i < miniblocks && done < values.length; i++) {
      int width = widths.next();
      if (width > Long.SIZE) {
        throw in.spot().bad("a page has differences of " + width + " bits");
      }
      int here = Math.min(size, values.length - done);
      for (int j = 0; j < here; j++) {
        values[done] = values[done - 1] + least + in.bits((long) j * width, width);
        done++;
      }
      // The last one may be cut behind its last value.
      in.skip((int) Math.min((long) size * width / Byte.SIZE, in.rest()));
    }
    return done;
  }
}
