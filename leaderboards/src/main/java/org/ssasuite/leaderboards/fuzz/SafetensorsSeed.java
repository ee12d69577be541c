package org.ssasuite.leaderboards.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ssasuite.leaderboards.fuzz.JsonPiece.Place;

/** A safetensors file: eight bytes of header length, a JSON header, data. */
@SuppressWarnings("ArrayRecordComponent") // never changed
record SafetensorsSeed(byte[] content, JsonSeed header, byte[] data) implements Seed {
  private static final int LENGTH_BYTES = 8;
  private static final List<String> TYPES =
      List.of("F32", "BF16", "F16", "F64", "F8_E4M3", "I8", "I64", "U8", "BOOL", "f32", "", "C64");

  static SafetensorsSeed of(byte[] file) {
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    String header = new String(file, LENGTH_BYTES, length, StandardCharsets.UTF_8);
    return new SafetensorsSeed(
        file.clone(),
        JsonSeed.of(header),
        Arrays.copyOfRange(file, LENGTH_BYTES + length, file.length));
  }

  @Override
  public Mutant mutant(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> ByteMutations.spoil(random, content);
      case 1 -> lyingLength(random);
      case 2 -> truncated(random);
      case 3, 4 -> lyingTensor(random);
      case 5 -> spoiltData(random);
      default -> {
        Mutant inner = header.mutant(random);
        yield assembled("header: " + inner.what(), inner.content());
      }
    };
  }

  /** With the length that the header has. */
  private Mutant assembled(String what, byte[] head) {
    return assembled(what, head.length, head, data);
  }

  private static Mutant assembled(String what, long length, byte[] head, byte[] data) {
    ByteBuffer file =
        ByteBuffer.allocate(LENGTH_BYTES + head.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put(head)
            .put(data);
    return new Mutant(what, "", file.array());
  }

  private Mutant lyingLength(RandomGenerator random) {
    long true_ = header.content().length;
    long[] lengths = {
      0,
      1,
      2,
      true_ - 1,
      true_ + 1,
      true_ + data.length,
      true_ + data.length + 1,
      content.length,
      99_999_999,
      100_000_000,
      100_000_001,
      1L << 31,
      (1L << 31) - 1,
      1L << 32,
      1L << 53,
      Long.MAX_VALUE,
      Long.MAX_VALUE - 7,
      Long.MAX_VALUE - 8,
      Long.MIN_VALUE,
      -1,
      -8,
      true_ | 1L << 32,
      true_ | 1L << 63,
      random.nextLong(),
      random.nextInt(content.length)
    };
    long length = lengths[random.nextInt(lengths.length)];
    return assembled("header length " + length, length, header.content(), data);
  }

  /** At the ends of its parts. */
  private Mutant truncated(RandomGenerator random) {
    int head = LENGTH_BYTES + header.content().length;
    int[] ends = {0, 1, 7, 8, 9, head - 1, head, head + 1, content.length - 1, content.length - 4};
    int end = ends[random.nextInt(ends.length)];
    return new Mutant("ends after " + end + " bytes", "", Arrays.copyOf(content, end));
  }

  /** Type, shape or offsets of one tensor, changed with an eye to the others. */
  private Mutant lyingTensor(RandomGenerator random) {
    JsonPiece tree = header.root().copy();
    Place place = new Place(tree, random.nextInt(tree.size()));
    JsonPiece other = tree.value(random.nextInt(tree.size()));
    String name = place.name();
    String field = List.of("dtype", "shape", "data_offsets").get(random.nextInt(3));
    for (int i = 0; i < place.value().size(); i++) {
      if (place.value().key(i).equals('"' + field + '"')) {
        String value =
            switch (field) {
              case "dtype" -> '"' + TYPES.get(random.nextInt(TYPES.size())) + '"';
              case "shape" -> shape(random, place.value().value(i).text());
              default ->
                  i < other.size() && random.nextInt(3) == 0
                      ? other.value(i).text()
                      : offsets(random, place.value().value(i));
            };
        place.value().replace(i, JsonPiece.raw(value));
        name += " " + field + " " + JsonMutations.shown(value);
      }
    }
    return assembled(name, tree.text().getBytes(StandardCharsets.UTF_8));
  }

  private static String shape(RandomGenerator random, String axes) {
    return switch (random.nextInt(8)) {
      case 0 -> "[]";
      case 1 -> "[0]";
      case 2 -> "[" + OddValues.number(random) + ", " + OddValues.number(random) + "]";
      case 3 -> "[4294967296, 4294967296]";
      case 4 -> "[2147483648, 2147483648, 4]";
      case 5 -> "[" + "1, ".repeat(1 << random.nextInt(12)) + axes.substring(1);
      case 6 -> "[0, 9223372036854775807]";
      default -> "[-1, -" + axes.substring(1);
    };
  }

  private String offsets(RandomGenerator random, JsonPiece pair) {
    if (pair.size() != 2) {
      return "[0, " + data.length + "]";
    }
    long from = Long.parseLong(pair.value(0).text());
    long to = Long.parseLong(pair.value(1).text());
    long step = 1L << random.nextInt(63);
    return switch (random.nextInt(8)) {
      case 0 -> "[" + to + ", " + from + "]";
      case 1 -> "[" + (from + step) + ", " + (to + step) + "]";
      case 2 -> "[" + (from - step) + ", " + (to - step) + "]";
      case 3 -> "[" + from + ", " + (to + step) + "]";
      case 4 -> "[" + from + ", " + data.length + "]";
      case 5 -> "[0, " + to + "]";
      case 6 -> "[" + OddValues.number(random) + ", " + OddValues.number(random) + "]";
      default -> "[" + from + "]";
    };
  }

  /** Numbers that are none, or data of another length. */
  private Mutant spoiltData(RandomGenerator random) {
    byte[] other = data.clone();
    int at = random.nextInt(data.length / 4) * 4;
    return switch (random.nextInt(3)) {
      case 0 -> {
        ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putInt(at, 0x7fc00000);
        yield assembled("NaN at byte " + at, header.content().length, header.content(), other);
      }
      case 1 -> {
        byte[] shorter = Arrays.copyOf(data, at);
        yield assembled("data of " + at, header.content().length, header.content(), shorter);
      }
      default -> {
        byte[] longer = Arrays.copyOf(data, data.length + at + 1);
        yield assembled("data longer", header.content().length, header.content(), longer);
      }
    };
  }
}
