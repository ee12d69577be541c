package org.ssasuite.leaderboards.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** A {@code .npy} file of version 1.0: magic, version, header length in two bytes, header, data. */
@SuppressWarnings("ArrayRecordComponent") // never changed
record NpySeed(byte[] content) implements Seed {
  private static final int HEAD_BYTES = 10;

  private static final List<String> TYPES =
      List.of(
          "<f4",
          "<f8",
          ">f4",
          "<i4",
          "<i8",
          "<u4",
          "|O",
          "|V4",
          "<U8",
          "|b1",
          "<c8",
          "=f4",
          "f4",
          "",
          "[('a', '<f4')]",
          "<f4\\n",
          "<f99999999999");

  private static final List<String> ORDERS =
      List.of("True", "False", "true", "0", "None", "'False'");

  private static final List<String> ENTRIES =
      List.of("'descr': '<f4', ", "'x': 1, ", "'shape': (3,), ", ", ", "\n", "#", "\u0000");

  private int headerEnd() {
    return HEAD_BYTES + (content[8] & 0xff) + ((content[9] & 0xff) << 8);
  }

  private String header() {
    return new String(content, HEAD_BYTES, headerEnd() - HEAD_BYTES, StandardCharsets.ISO_8859_1);
  }

  @Override
  public Mutant mutant(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> ByteMutations.spoil(random, content);
      case 1 -> patched("version", 6 + random.nextInt(2), random.nextInt(256));
      case 2 -> patched("header length", 8 + random.nextInt(2), random.nextInt(256));
      case 3 -> secondVersion(random);
      case 4 -> truncated(random);
      default -> withHeader(random);
    };
  }

  private Mutant patched(String what, int at, int value) {
    byte[] other = content.clone();
    other[at] = (byte) value;
    return new Mutant(what + ", byte " + at + " = " + value, "", other);
  }

  /** Version 2.0 has four bytes of header length. */
  private Mutant secondVersion(RandomGenerator random) {
    int true_ = headerEnd() - HEAD_BYTES;
    int[] lengths = {true_, 0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 10_000, 10_001, 1 << 24};
    int length = lengths[random.nextInt(lengths.length)];
    byte[] head =
        ByteMutations.bytes(
            0x93,
            'N',
            'U',
            'M',
            'P',
            'Y',
            2,
            0,
            length,
            length >>> 8,
            length >>> 16,
            length >>> 24);
    return new Mutant(
        "version 2.0, header of " + length,
        "",
        ByteMutations.spliced(content, 0, HEAD_BYTES, head));
  }

  private Mutant truncated(RandomGenerator random) {
    int head = headerEnd();
    int[] ends = {0, 1, 5, 6, 8, 9, 10, 11, head - 1, head, head + 1, content.length - 1};
    int end = Math.min(content.length, ends[random.nextInt(ends.length)]);
    return new Mutant("ends after " + end + " bytes", "", Arrays.copyOf(content, end));
  }

  private Mutant withHeader(RandomGenerator random) {
    String header = header();
    String other =
        switch (random.nextInt(6)) {
          case 0 -> header.replaceFirst("'<[a-z][0-9]'", quoted(any(TYPES, random)));
          case 1 -> header.replaceFirst("False", any(ORDERS, random));
          case 2, 3 -> header.replaceFirst("\\([^)]*\\)", "(" + axes(random) + ")");
          case 4 -> {
            int at = random.nextInt(header.length());
            yield header.substring(0, at) + any(ENTRIES, random) + header.substring(at);
          }
          default -> {
            byte[] spoilt =
                ByteMutations.spoil(random, header.getBytes(StandardCharsets.ISO_8859_1)).content();
            yield new String(spoilt, StandardCharsets.ISO_8859_1);
          }
        };
    byte[] bytes = other.getBytes(StandardCharsets.ISO_8859_1);
    byte[] file = ByteMutations.spliced(content, HEAD_BYTES, headerEnd() - HEAD_BYTES, bytes);
    file[8] = (byte) bytes.length;
    file[9] = (byte) (bytes.length >>> 8);
    return new Mutant("header " + JsonMutations.shown(other.strip()), "", file);
  }

  private static String axes(RandomGenerator random) {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> "3";
      case 2 -> "65536, 65536";
      case 3 -> "2147483647, 2147483647, 2147483647";
      case 4 -> "1, ".repeat(1 << random.nextInt(12));
      default -> OddValues.number(random) + ", " + OddValues.number(random);
    };
  }

  private static String any(List<String> list, RandomGenerator random) {
    return list.get(random.nextInt(list.size()));
  }

  private static String quoted(String type) {
    return type.startsWith("[") ? type : "'" + type + "'";
  }
}
