package org.ssasuite.leaderboards.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A Parquet file: a mark, pages with a head each, a footer with its length behind it, the mark.
 * Heads and footer are numbers of seven bits a byte behind bytes that say field and type, so that
 * any place in them is one where a number, a length or a type can be put.
 */
@SuppressWarnings("ArrayRecordComponent") // never changed
record ParquetSeed(byte[] content) implements Seed {
  private static final int MARK = 4;
  private static final int TAIL = 8;

  /** Zigzagged and plain ends of 8, 31, 32 and 63 bits, and lengths that no file has. */
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    126,
    127,
    255,
    65_535,
    (1L << 31) - 1,
    1L << 31,
    (1L << 32) - 2,
    (1L << 32) - 1,
    1L << 32,
    (1L << 40) + 2,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  @Override
  public Mutant mutant(RandomGenerator random) {
    return switch (random.nextInt(12)) {
      case 0, 1 -> ByteMutations.spoil(random, content);
      case 2 -> truncated(random);
      case 3 -> footerLength(random);
      case 4, 5 -> several(random, footer(), content.length - TAIL, "footer");
      case 6, 7 -> several(random, MARK, footer(), "pages");
      default -> number(random);
    };
  }

  private int footer() {
    return content.length - TAIL - length();
  }

  private int length() {
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(content.length - TAIL);
  }

  private Mutant truncated(RandomGenerator random) {
    int footer = footer();
    int all = content.length;
    int[] ends = {0, 1, 3, 4, 8, 12, footer, footer + 1, all - 9, all - 8, all - 4, all - 1};
    int end = ends[random.nextInt(ends.length)];
    return new Mutant("ends after " + end + " bytes", "", Arrays.copyOf(content, end));
  }

  private Mutant footerLength(RandomGenerator random) {
    int right = length();
    int[] lengths = {
      0, 1, right - 1, right + 1, content.length, Integer.MAX_VALUE, Integer.MIN_VALUE, -1
    };
    int length = lengths[random.nextInt(lengths.length)];
    return new Mutant("a footer of " + length, "", withLength(content, length));
  }

  private static byte[] withLength(byte[] file, int length) {
    byte[] other = file.clone();
    ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putInt(other.length - TAIL, length);
    return other;
  }

  /** One to three bytes are others. */
  private Mutant several(RandomGenerator random, int from, int to, String where) {
    byte[] other = content.clone();
    StringBuilder what = new StringBuilder(where).append(", byte");
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = from + random.nextInt(to - from);
      other[at] =
          (byte)
              (random.nextBoolean() ? random.nextInt(256) : other[at] ^ (1 << random.nextInt(8)));
      what.append(' ').append(at).append(" = ").append(other[at] & 0xff);
    }
    return new Mutant(what.toString(), "", other);
  }

  /** A number in place of one that has as many bytes, or fewer, or more. */
  private Mutant number(RandomGenerator random) {
    boolean inFooter = random.nextInt(3) > 0;
    int from = inFooter ? footer() : MARK;
    int to = inFooter ? content.length - TAIL : footer();
    int at = from + random.nextInt(to - from);
    int taken = 1;
    while (at + taken < to && taken < 9 && content[at + taken - 1] < 0) {
      taken++;
    }
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    byte[] put = varint(number);
    byte[] other = ByteMutations.spliced(content, at, taken, put);
    int grown = put.length - taken;
    return new Mutant(
        (inFooter ? "footer" : "pages") + ", byte " + at + " is number " + number,
        "",
        withLength(other, length() + (inFooter ? grown : 0)));
  }

  private static byte[] varint(long number) {
    byte[] bytes = new byte[10];
    int size = 0;
    long rest = number;
    while ((rest & ~0x7FL) != 0) {
      bytes[size] = (byte) ((rest & 0x7F) | 0x80);
      size++;
      rest >>>= 7;
    }
    bytes[size] = (byte) rest;
    return Arrays.copyOf(bytes, size + 1);
  }
}
