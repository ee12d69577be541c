package org.ssasuite.core.parquet;

/**
 * Whole numbers of few bits, as runs of one value and stretches of packed ones: levels, places in a
 * dictionary, truth values. Mutable.
 *
 * <p>Source: {@code Encodings.md} of apache/parquet-format, RLE and bit-packing hybrid.
 */
final class BitRuns {
  private static final int GROUP = 8;
  private static final int MOST_WIDTH = 32;

  private final Cursor in;
  private final int width;

  /** Values left of the run or stretch that is being read. */
  private long left;

  private boolean packed;
  private long repeated;

  /**
   * Where in the packed stretch the next value begins, in bits; bytes are passed over at its end.
   */
  private long bit;

  private long packedBytes;

  /**
   * @param width bits of a value
   */
  BitRuns(Cursor in, int width) {
    if (width < 0 || width > MOST_WIDTH) {
      throw in.spot().bad("a page has values of " + width + " bits");
    }
    this.in = in;
    this.width = width;
  }

  /** Of levels from 0 to {@code most}. */
  static BitRuns levels(Cursor in, int most) {
    return new BitRuns(in, Integer.SIZE - Integer.numberOfLeadingZeros(most));
  }

  /** The next value; of more than 31 bits it is negative. */
  int next() {
    if (width == 0) {
      return 0;
    }
    while (left == 0) {
      open();
    }
    left--;
    if (!packed) {
      return (int) repeated;
    }
    int value = (int) in.bits(bit, width);
    bit += width;
    if (left == 0) {
      in.skip((int) Math.min(packedBytes, in.rest()));
    }
    return value;
  }

  private void open() {
    long head = in.varint();
    packed = (head & 1) == 1;
    long count = head >>> 1;
    if (count > Integer.MAX_VALUE) {
      throw in.spot().bad("a page has a run of " + count + " values");
    }
    if (packed) {
      // Some writers leave out what pads the last group.
      left = count * GROUP;
      bit = 0;
      packedBytes = count * width;
    } else {
      left = count;
      repeated = 0;
      for (int i = 0; i < (width + Byte.SIZE - 1) / Byte.SIZE; i++) {
        repeated |= (long) in.next() << (Byte.SIZE * i);
      }
    }
  }
}
