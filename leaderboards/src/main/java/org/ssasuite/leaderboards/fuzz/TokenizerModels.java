package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.TokenizerGrammar.one;
import static org.ssasuite.leaderboards.fuzz.TokenizerGrammar.piece;
import static org.ssasuite.leaderboards.fuzz.TokenizerGrammar.quoted;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Models of tokenizers with few tokens and any options. */
final class TokenizerModels {
  private static final List<String> UNKNOWN = List.of("\"<unk>\"", "\"[UNK]\"");

  private static final List<String> ODD = List.of("null", "\"\"", "\"nowhere\"", "1");

  private TokenizerModels() {}

  private static String unknown(RandomGenerator random) {
    return one(random, random.nextInt(12) == 0 ? ODD : UNKNOWN);
  }

  static String model(RandomGenerator random) {
    return switch (random.nextInt(7)) {
      case 0 -> unigram(random);
      case 1 -> wordPiece(random);
      case 2 ->
          "{\"type\": \"WordLevel\", \"unk_token\": "
              + unknown(random)
              + ", \"vocab\": "
              + vocabulary(random, tokens(random))
              + "}";
      default -> bytePairs(random);
    };
  }

  private static Set<String> tokens(RandomGenerator random) {
    Set<String> tokens = new TreeSet<>(List.of("a", "b", "<unk>", "[UNK]"));
    for (int i = random.nextInt(30); i > 0; i--) {
      tokens.add(piece(random));
    }
    return tokens;
  }

  private static String vocabulary(RandomGenerator random, Set<String> tokens) {
    int shift = random.nextInt(20) == 0 ? random.nextInt(1 << 30) : 0;
    List<String> entries = new ArrayList<>();
    for (String token : tokens) {
      int id = random.nextInt(60) == 0 ? 0 : entries.size();
      entries.add(quoted(token) + ": " + (id + shift));
    }
    return entries.stream().collect(Collectors.joining(", ", "{", "}"));
  }

  private static String bytePairs(RandomGenerator random) {
    Set<String> tokens = tokens(random);
    List<String> known = List.copyOf(tokens);
    List<String> merges = new ArrayList<>();
    for (String token : known) {
      for (int cut = 1; cut < token.length() && token.length() < 9; cut++) {
        String first = token.substring(0, cut);
        String second = token.substring(cut);
        if (tokens.contains(first) && tokens.contains(second)) {
          merges.add(
              random.nextBoolean()
                  ? "[" + quoted(first) + ", " + quoted(second) + "]"
                  : quoted(first + " " + second));
        }
      }
    }
    if (random.nextInt(40) == 0) {
      merges.add(quoted(one(random, known) + " " + piece(random)));
    }
    boolean untyped = random.nextInt(8) == 0;
    return (untyped ? "{" : "{\"type\": \"BPE\", ")
        + "\"dropout\": %s, \"unk_token\": %s, \"continuing_subword_prefix\": %s,"
            .formatted(
                one(
                    random,
                    random.nextInt(20) == 0
                        ? List.of("0.5", "1", "-1")
                        : List.of("null", "0", "0.0")),
                unknown(random),
                one(
                    random,
                    List.of("null", "null", "null", "null", "null", "\"\"", "\"\"", "\"##\"")))
        + " \"end_of_word_suffix\": %s, \"fuse_unk\": %s, \"byte_fallback\": %s, \"ignore_merges\": %s,"
            .formatted(
                one(random, List.of("null", "null", "\"\"", "\"</w>\"")),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean())
        + " \"vocab\": "
        + vocabulary(random, tokens)
        + ", \"merges\": "
        + merges
        + "}";
  }

  private static String unigram(RandomGenerator random) {
    String pieces =
        tokens(random).stream()
            .map(
                token ->
                    "["
                        + quoted(token)
                        + ", "
                        + one(random, List.of("-1.5", "-3.0", "0.0", "-1e30", "5"))
                        + "]")
            .collect(Collectors.joining(", ", "[", "]"));
    String more = random.nextInt(10) == 0 ? ", \"alpha\": 0.1" : "";
    return "{\"type\": \"Unigram\", \"unk_id\": %s, \"byte_fallback\": %s, \"vocab\": %s%s}"
        .formatted(
            one(random, List.of("0", "0", "0", "0", "1", "null", "99")),
            random.nextBoolean(),
            pieces,
            more);
  }

  private static String wordPiece(RandomGenerator random) {
    return "{\"type\": \"WordPiece\", \"unk_token\": %s, \"continuing_subword_prefix\": %s,"
            .formatted(unknown(random), one(random, List.of("\"##\"", "\"\"", "\"a\"")))
        + " \"max_input_chars_per_word\": %s, \"vocab\": %s}"
            .formatted(
                one(random, List.of("100", "100", "200", "100", "1", "100", "0", "1000000000")),
                vocabulary(random, tokens(random)));
  }
}
