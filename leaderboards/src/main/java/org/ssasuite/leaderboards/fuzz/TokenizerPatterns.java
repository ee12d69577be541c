package org.ssasuite.leaderboards.fuzz;

import java.util.List;
import java.util.random.RandomGenerator;

/** Regular expressions: published ones, their parts in any order, and such as never end. */
final class TokenizerPatterns {
  private static final List<String> PUBLISHED =
      List.of(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          "[\\r\\n]",
          "\\s?\\p{L}+",
          "[0-9][0-9][0-9]",
          " {2,}");

  private static final List<String> ATOMS =
      List.of(
          "a",
          "b",
          " ",
          "'",
          "c",
          "\\s",
          "\\S",
          "\\p{L}",
          "\\p{N}",
          "\\w",
          "\\d",
          ".",
          "[a-z]",
          "[^\\s\\p{L}]",
          "[\\r\\n]",
          "[a[b]]",
          "[^a&&[b]]",
          "\\1",
          "\\g<1>",
          "^",
          "$",
          "\\b",
          "\\A",
          "[[:alpha:]]",
          "\\x61",
          "\\K",
          "\\R",
          "\\X");

  private static final List<String> TIMES =
      List.of(
          "",
          "",
          "",
          "",
          "?",
          "*",
          "+",
          "{1,3}",
          "{2,}",
          "{0,64}",
          "{1,1000}",
          "*?",
          "+?",
          "++",
          "?+",
          "{3}+");

  private static final List<String> OPENINGS =
      List.of(
          "(", "(?:", "(?:", "(?i:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?<x>", "(?i)", "(?~");

  private TokenizerPatterns() {}

  static String pattern(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3, 4, 5 -> TokenizerGrammar.one(random, PUBLISHED);
      case 6, 7 -> TokenizerGrammar.one(random, PUBLISHED) + "|" + choice(random, 1);
      default -> choice(random, 2);
    };
  }

  private static String choice(RandomGenerator random, int depth) {
    StringBuilder choice = new StringBuilder(sequence(random, depth));
    for (int i = random.nextInt(3); i > 0; i--) {
      choice.append('|').append(sequence(random, depth));
    }
    return choice.toString();
  }

  private static String sequence(RandomGenerator random, int depth) {
    StringBuilder sequence = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      boolean group = depth > 0 && random.nextInt(5) == 0;
      sequence
          .append(
              group
                  ? TokenizerGrammar.one(random, OPENINGS) + choice(random, depth - 1) + ")"
                  : TokenizerGrammar.one(
                      random, random.nextInt(4) > 0 ? ATOMS.subList(0, 15) : ATOMS))
          .append(TokenizerGrammar.one(random, TIMES));
    }
    return sequence.toString();
  }
}
