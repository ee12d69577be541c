package org.ssasuite.leaderboards.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** A GGUF file, by the places of the numbers that the rest of it depends on. */
@SuppressWarnings("ArrayRecordComponent") // never changed
record GgufSeed(byte[] content, List<Spot> spots) implements Seed {
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  /** Of values, by the codes of types. */
  private static final int[] WIDTHS = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  /** What a number is for. */
  private enum Kind {
    VERSION,
    COUNT,
    LENGTH,
    TYPE,
    VALUE,
    AXES,
    AXIS,
    FORMAT,
    OFFSET
  }

  /**
   * A number's place.
   *
   * @param bytes that it takes
   */
  private record Spot(Kind kind, int at, int bytes) {}

  static GgufSeed of(byte[] file) {
    return new GgufSeed(file.clone(), new Walk(file).spots());
  }

  @Override
  public Mutant mutant(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> ByteMutations.spoil(random, content);
      case 1 -> truncated(random);
      case 2 -> longText(random);
      case 3 -> spoiltData(random);
      default -> lying(random);
    };
  }

  /** One to three numbers are others, and all of the same kind may be. */
  private Mutant lying(RandomGenerator random) {
    byte[] other = content.clone();
    StringBuilder what = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      List<Kind> kinds = spots.stream().map(Spot::kind).distinct().toList();
      Kind kind = kinds.get(random.nextInt(kinds.size()));
      List<Spot> ofKind = spots.stream().filter(spot -> spot.kind() == kind).toList();
      Spot spot = ofKind.get(random.nextInt(ofKind.size()));
      long value = odd(random, spot, ofKind);
      put(other, spot, value);
      what.append(kind).append(" at byte ").append(spot.at()).append(" = ").append(value);
      what.append(i > 0 ? ", " : "");
    }
    return new Mutant(what.toString(), "", other);
  }

  private long odd(RandomGenerator random, Spot spot, List<Spot> ofKind) {
    long now = get(content, spot);
    long[] values = {
      0,
      1,
      -1,
      2,
      3,
      now - 1,
      now + 1,
      2 * now,
      now / 2,
      now + 32,
      now - 32,
      now ^ (1L << random.nextInt(8 * spot.bytes())),
      now | (1L << 63),
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      1L << 31,
      1L << 32,
      (1L << 32) - 1,
      1L << 40,
      1L << 61,
      content.length,
      content.length - spot.at() - spot.bytes(),
      Float.floatToRawIntBits(Float.NaN),
      Float.floatToRawIntBits(Float.POSITIVE_INFINITY),
      Float.floatToRawIntBits(-1f),
      random.nextInt(64),
      get(content, ofKind.get(random.nextInt(ofKind.size())))
    };
    return values[random.nextInt(values.length)];
  }

  /** Just before, at and behind a number. */
  private Mutant truncated(RandomGenerator random) {
    Spot spot = spots.get(random.nextInt(spots.size()));
    int end = Math.min(content.length, spot.at() + random.nextInt(spot.bytes() + 2));
    return new Mutant("ends after " + end + " bytes", "", Arrays.copyOf(content, end));
  }

  /** A text of up to 16 MiB, with its length, where another was. */
  private Mutant longText(RandomGenerator random) {
    List<Spot> lengths = spots.stream().filter(spot -> spot.kind() == Kind.LENGTH).toList();
    Spot spot = lengths.get(random.nextInt(lengths.size()));
    int now = (int) get(content, spot);
    byte[] text = "x".repeat(1 << random.nextInt(25)).getBytes(StandardCharsets.UTF_8);
    byte[] other = ByteMutations.spliced(content, spot.at() + spot.bytes(), now, text);
    put(other, spot, text.length);
    return new Mutant("a text of " + text.length + " bytes at " + spot.at(), "", other);
  }

  private Mutant spoiltData(RandomGenerator random) {
    int last = spots.get(spots.size() - 1).at();
    if (content.length - last < 64) {
      // It has no tensors.
      return lying(random);
    }
    int at = last + random.nextInt(content.length - last - 4);
    byte[] other = content.clone();
    ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putInt(at, 0x7fc07c00);
    return new Mutant("no number at byte " + at, "", other);
  }

  private static long get(byte[] file, Spot spot) {
    long value = 0;
    for (int i = spot.bytes() - 1; i >= 0; i--) {
      value = (value << 8) | (file[spot.at() + i] & 0xff);
    }
    return value;
  }

  private static void put(byte[] file, Spot spot, long value) {
    for (int i = 0; i < spot.bytes(); i++) {
      file[spot.at() + i] = (byte) (value >>> (8 * i));
    }
  }

  /** Finds the places in a valid file. Mutable, lives as long as the walk. */
  private static final class Walk {
    private static final int FIRST_COUNT = 8;

    private final byte[] file;
    private final List<Spot> spots = new ArrayList<>();
    private int at = 4;

    Walk(byte[] file) {
      this.file = file;
    }

    List<Spot> spots() {
      next(Kind.VERSION, 4);
      long tensors = next(Kind.COUNT, FIRST_COUNT);
      long keys = next(Kind.COUNT, FIRST_COUNT);
      for (long i = 0; i < keys; i++) {
        text();
        value((int) next(Kind.TYPE, 4));
      }
      for (long i = 0; i < tensors; i++) {
        text();
        for (long axes = next(Kind.AXES, 4); axes > 0; axes--) {
          next(Kind.AXIS, 8);
        }
        next(Kind.FORMAT, 4);
        next(Kind.OFFSET, 8);
      }
      return List.copyOf(spots);
    }

    private void text() {
      int length = (int) next(Kind.LENGTH, 8);
      at += length;
    }

    private void value(int type) {
      if (type == STRING) {
        text();
      } else if (type == ARRAY) {
        int element = (int) next(Kind.TYPE, 4);
        for (long count = next(Kind.COUNT, 8); count > 0; count--) {
          value(element);
        }
      } else {
        next(Kind.VALUE, WIDTHS[type]);
      }
    }

    private long next(Kind kind, int bytes) {
      Spot spot = new Spot(kind, at, bytes);
      spots.add(spot);
      at += bytes;
      return get(file, spot);
    }
  }
}
