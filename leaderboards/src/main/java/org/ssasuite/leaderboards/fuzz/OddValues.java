package org.ssasuite.leaderboards.fuzz;

import java.util.List;
import java.util.random.RandomGenerator;

/** JSON values that readers get wrong: at the ends of number types, of other types, enormous. */
final class OddValues {
  /** Around the ends of 32, 53 and 64 bits and of double precision, and what is no JSON number. */
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-0.0",
          "1",
          "-1",
          "2",
          "3",
          "0.5",
          "1.0",
          "1e2",
          "1e-400",
          "1e400",
          "-1e400",
          "255",
          "65535",
          "65536",
          "2147483647",
          "2147483648",
          "-2147483648",
          "-2147483649",
          "4294967295",
          "4294967296",
          "9007199254740992",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "-9223372036854775809",
          "18446744073709551615",
          "18446744073709551616",
          "4611686018427387904",
          "1e18",
          "1e19",
          "1.5e308",
          "1e999999999",
          "1e-999999999",
          "1e99999999999999999999",
          "268435456",
          "268435457",
          "1073741824",
          "NaN",
          "Infinity",
          "-Infinity",
          "00",
          "01",
          "+1",
          "0x10",
          "1.",
          ".5",
          "1e",
          "--1",
          "1_000");

  /** Texts as they stand between the quotation marks. */
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "null",
          "\\u0000",
          "\\ud800",
          "\\udc00",
          "\\ud800\\ud800",
          "\\u2028",
          "\\u001b[2J",
          "\\n",
          "\\r\\n",
          "\\r",
          "\\x41",
          "\\",
          "\\u12",
          "\n",
          "\t",
          "\u0000",
          "é",
          "\uD83D\uDE00",
          "\u202e",
          "../../../../etc/passwd",
          "/dev/zero",
          "C:\\\\x",
          ".",
          "..",
          "a/b",
          "%s%n",
          "__proto__",
          "BF16",
          "F64",
          "F4",
          "<f8",
          ">f4",
          "|O",
          "full",
          "sparse:8x1",
          "sparse:0x0",
          "sparse:2147483648x2147483648",
          "nsa:16x16",
          "(a+)+$",
          "(?<=a*)b",
          "\\\\p{L}",
          "(((((((((((((((((((((a))))))))))))))))))))",
          "[",
          "*",
          "a{0,99999}",
          "\\\\",
          "(?i)",
          "\\\\1");

  private static final List<String> OTHER_TYPES =
      List.of(
          "null",
          "true",
          "false",
          "[]",
          "{}",
          "[[]]",
          "[null]",
          "{\"a\": 1}",
          "[0]",
          "[1, 2]",
          "[1, 2, 3]",
          "[\"a\"]",
          "[\"a\", \"b\"]",
          "{\"\": {}}",
          "[{}]",
          "[-1, -1]",
          "tru",
          "None",
          "undefined");

  private static final int[] DEPTHS = {5, 63, 64, 65, 500, 999, 1000, 1001, 5_000, 100_000};

  private OddValues() {}

  static String any(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> number(random);
      case 4, 5, 6 -> '"' + text(random) + '"';
      case 7, 8 -> OTHER_TYPES.get(random.nextInt(OTHER_TYPES.size()));
      default -> enormous(random);
    };
  }

  static String number(RandomGenerator random) {
    return NUMBERS.get(random.nextInt(NUMBERS.size()));
  }

  /** What stands between quotation marks, as it stands there. */
  static String text(RandomGenerator random) {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  /** Long, many or deep. */
  static String enormous(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> "9".repeat(1 + random.nextInt(3) * 1_000);
      case 1 -> "0." + "1".repeat(100_000);
      case 2 -> '"' + "a".repeat(1 << (10 + random.nextInt(12))) + '"';
      case 3 -> '[' + "0,".repeat(1 << (8 + random.nextInt(10))) + "0]";
      case 4 -> collidingKeys();
      case 5 -> "[".repeat(DEPTHS[random.nextInt(DEPTHS.length)]);
      default -> nested(random, "1");
    };
  }

  /** A value inside many others. */
  static String nested(RandomGenerator random, String value) {
    int depth = DEPTHS[random.nextInt(DEPTHS.length)];
    return random.nextBoolean()
        ? "[".repeat(depth) + value + "]".repeat(depth)
        : "{\"a\":".repeat(depth) + value + "}".repeat(depth);
  }

  /** An object of 4,096 keys with one and the same hash code. */
  private static String collidingKeys() {
    StringBuilder object = new StringBuilder("{");
    for (int i = 0; i < 1 << 12; i++) {
      object.append(i == 0 ? "\"" : ", \"");
      for (int bit = 0; bit < 12; bit++) {
        object.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      object.append("\": 0");
    }
    return object.append('}').toString();
  }
}
