package org.ssasuite.leaderboards.fuzz;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whole {@code tokenizer.json} files from the grammar of the format: any model behind any
 * normalizers, pre-tokenizers, post-processors and decoders, with options that published files have
 * and with such as none has.
 */
record TokenizerGrammar() implements Seed {
  private static final List<String> FLAGS = List.of("true", "false");

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "b",
          "ab",
          "\u2581",
          "\u2581a",
          "\n",
          "<s>",
          "\u00e9",
          "``",
          "\"",
          "  ",
          "##",
          "\ud83d\ude00",
          "a".repeat(100),
          "a".repeat(5_000));

  private static final List<String> BEHAVIORS =
      List.of(
          "Isolated", "Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous");

  private static final List<String> SCHEMES =
      List.of(
          "first", "never", "always", "first", "never", "always", "first", "never", "always",
          "often");

  private static final List<String> PIECES =
      List.of(
          "a",
          "b",
          "c",
          "d",
          "ab",
          "abc",
          "\u2581",
          "\u2581a",
          "\u2581ab",
          "h",
          "e",
          "l",
          "o",
          "he",
          "##b",
          "##a",
          "##ab",
          "\u0120",
          "\u0120a",
          "\u010a",
          "<s>",
          "<unk>",
          "[UNK]",
          "<0x61>",
          "\u65e5",
          " ",
          ".",
          "1",
          "12",
          "a".repeat(64),
          "a".repeat(600));

  @Override
  public byte[] content() {
    return SeedFile.bytes("tokenizer-bpe.json");
  }

  @Override
  public Mutant mutant(RandomGenerator random) {
    List<String> parts = new ArrayList<>();
    parts.add("\"version\": \"1.0\"");
    parts.add("\"truncation\": " + truncation(random));
    parts.add("\"padding\": " + padding(random));
    parts.add("\"added_tokens\": " + added(random));
    parts.add("\"normalizer\": " + steps(random, "normalizers", this::normalizer));
    parts.add("\"pre_tokenizer\": " + steps(random, "pretokenizers", this::preTokenizer));
    parts.add("\"post_processor\": " + steps(random, "processors", TokenizerGrammar::processor));
    parts.add("\"decoder\": " + steps(random, "decoders", TokenizerGrammar::decoder));
    String model = TokenizerModels.model(random);
    parts.add("\"model\": " + model);
    if (random.nextInt(20) == 0) {
      parts.remove(random.nextInt(parts.size()));
    }
    String text = parts.stream().collect(Collectors.joining(", ", "{", "}"));
    return new Mutant(
        "of the grammar, a model of " + model.length() + " characters",
        "",
        text.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes one step. */
  private interface Maker {
    String make(RandomGenerator random);
  }

  private static String steps(RandomGenerator random, String name, Maker maker) {
    int kind = random.nextInt(8);
    if (kind < 2) {
      return "null";
    }
    if (kind < 5) {
      return maker.make(random);
    }
    int count = random.nextInt(50) == 0 ? 60 : random.nextInt(4);
    return object(
        "Sequence",
        name,
        Stream.generate(
                () -> random.nextInt(20) == 0 ? steps(random, name, maker) : maker.make(random))
            .limit(count)
            .collect(Collectors.joining(", ", "[", "]")));
  }

  static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }

  static <T> T one(RandomGenerator random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  static String text(RandomGenerator random) {
    return quoted(one(random, random.nextInt(20) > 0 ? TEXTS.subList(0, 15) : TEXTS));
  }

  static String piece(RandomGenerator random) {
    return one(random, random.nextInt(8) > 0 ? PIECES.subList(0, PIECES.size() - 2) : PIECES);
  }

  /** A type with names and values in turn; seldom without one of them, or with another. */
  private static String object(String type, String... fields) {
    StringBuilder object = new StringBuilder("{\"type\": ").append(quoted(type));
    for (int i = 0; i < fields.length; i += 2) {
      object.append(", ").append(quoted(fields[i])).append(": ").append(fields[i + 1]);
    }
    return object.append('}').toString();
  }

  private static String flag(RandomGenerator random) {
    return random.nextInt(200) == 0 ? "1" : one(random, FLAGS);
  }

  private static String pattern(RandomGenerator random) {
    return random.nextInt(3) == 0
        ? "{\"String\": " + text(random) + "}"
        : "{\"Regex\": " + quoted(TokenizerPatterns.pattern(random)) + "}";
  }

  private String normalizer(RandomGenerator random) {
    return switch (random.nextInt(24)) {
      case 8 ->
          object(
              "Precompiled",
              "precompiled_charsmap",
              quoted(one(random, List.of("", "BAAAAAAAAAAA", "ABAAAA", "AAAAAAAA"))));
      case 9 -> object(one(random, List.of("ByteLevel", "Unknown", "Sequence")));
      case 10 -> object("Lowercase", "extra", text(random));
      case 2, 3, 4, 5, 11, 12 ->
          object("Replace", "pattern", pattern(random), "content", text(random));
      case 1 -> object("Prepend", "prepend", text(random));
      case 6 -> object("Strip", "strip_left", flag(random), "strip_right", flag(random));
      case 7 ->
          object(
              "BertNormalizer",
              "clean_text",
              flag(random),
              "handle_chinese_chars",
              flag(random),
              "strip_accents",
              "null",
              "lowercase",
              flag(random));
      default ->
          object(
              one(
                  random,
                  List.of("NFC", "NFD", "NFKC", "NFKD", "Nmt", "Lowercase", "StripAccents")));
    };
  }

  private String preTokenizer(RandomGenerator random) {
    return switch (random.nextInt(9)) {
      case 0, 1 -> byteLevel(random);
      case 2, 3, 4 ->
          object(
              "Split",
              "pattern",
              pattern(random),
              "behavior",
              quoted(one(random, BEHAVIORS)),
              "invert",
              flag(random));
      case 5 -> object("Digits", "individual_digits", flag(random));
      case 6 -> metaspace(random);
      case 7 -> object("Punctuation", "behavior", quoted(one(random, BEHAVIORS)));
      default ->
          object(
              one(
                  random,
                  List.of(
                      "Whitespace",
                      "WhitespaceSplit",
                      "BertPreTokenizer",
                      "Whitespace",
                      "WhitespaceSplit",
                      "BertPreTokenizer",
                      "UnicodeScripts")));
    };
  }

  private static String byteLevel(RandomGenerator random) {
    return object(
        "ByteLevel",
        "add_prefix_space",
        flag(random),
        "trim_offsets",
        flag(random),
        "use_regex",
        flag(random));
  }

  private static String metaspace(RandomGenerator random) {
    return object(
        "Metaspace",
        "replacement",
        random.nextInt(5) == 0 ? text(random) : "\"\u2581\"",
        "prepend_scheme",
        quoted(one(random, SCHEMES)),
        "split",
        flag(random));
  }

  private static String processor(RandomGenerator random) {
    String token = "[" + text(random) + ", " + random.nextInt(40) + "]";
    return switch (random.nextInt(5)) {
      case 0 -> byteLevel(random);
      case 1 -> object("BertProcessing", "sep", token, "cls", token);
      case 2 ->
          object(
              "RobertaProcessing",
              "sep",
              token,
              "cls",
              token,
              "trim_offsets",
              flag(random),
              "add_prefix_space",
              flag(random));
      default ->
          object(
              "TemplateProcessing",
              "single",
              template(random, List.of("A")),
              "pair",
              template(random, List.of("A", "B")),
              "special_tokens",
              templateTokens(random));
    };
  }

  private static String template(RandomGenerator random, List<String> sequences) {
    List<String> pieces = new ArrayList<>();
    for (String id : sequences) {
      if (random.nextInt(4) > 0) {
        String special = random.nextInt(10) == 0 ? "<t>" : "<s>";
        pieces.add("{\"SpecialToken\": {\"id\": \"" + special + "\", \"type_id\": 0}}");
      }
      int times = random.nextInt(20) == 0 ? random.nextInt(40) : 1;
      for (int i = 0; i < times; i++) {
        pieces.add("{\"Sequence\": {\"id\": \"" + id + "\", \"type_id\": 0}}");
      }
    }
    return pieces.toString();
  }

  private static String templateTokens(RandomGenerator random) {
    int ids = random.nextInt(12) == 0 ? random.nextInt(30) : 1;
    int tokens = random.nextInt(12) == 0 ? random.nextInt(30) : ids;
    return "{\"<s>\": {\"id\": \"<s>\", \"ids\": "
        + IntStream.range(0, ids).boxed().toList()
        + ", \"tokens\": "
        + IntStream.range(0, tokens).mapToObj(i -> "\"<s>\"").toList()
        + "}}";
  }

  private static String decoder(RandomGenerator random) {
    return switch (random.nextInt(20)) {
      case 0, 8, 9 -> byteLevel(random);
      case 1, 10 -> metaspace(random);
      case 2 -> object("Replace", "pattern", pattern(random), "content", text(random));
      case 3 -> object(one(random, List.of("CTC", "Unknown")));
      case 4 ->
          object(
              "Strip",
              "content",
              one(random, List.of("\" \"", "\"a\"", "\"\"")),
              "start",
              one(random, List.of("0", "1", "0", "1", "0", "1", "9", "-1")),
              "stop",
              one(random, List.of("0", "0", "0", "0", "0", "0", "1", "1000000000")));
      case 5 -> object("WordPiece", "prefix", text(random), "cleanup", flag(random));
      case 6 -> object("BPEDecoder", "suffix", text(random));
      default -> object(one(random, List.of("ByteFallback", "Fuse")));
    };
  }

  private static String added(RandomGenerator random) {
    int count = random.nextInt(60) == 0 ? 30_000 : random.nextInt(4);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "{\"id\": %s, \"content\": %s, \"single_word\": %s, \"lstrip\": %s, \"rstrip\": %s,"
                        .formatted(
                            random.nextInt(200) == 0 ? "-1" : random.nextInt(50),
                            count > 9 ? quoted("t" + i) : text(random),
                            flag(random),
                            flag(random),
                            flag(random))
                    + " \"normalized\": %s, \"special\": %s}".formatted(flag(random), flag(random)))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String truncation(RandomGenerator random) {
    return random.nextInt(4) > 0
        ? "null"
        : "{\"direction\": \"Right\", \"max_length\": %s, \"strategy\": \"LongestFirst\", \"stride\": %s}"
            .formatted(
                one(random, List.of("0", "1", "5", "512", "1000000000000")),
                one(random, List.of("0", "0", "1", "9")));
  }

  private static String padding(RandomGenerator random) {
    return random.nextInt(4) > 0
        ? "null"
        : "{\"strategy\": %s, \"direction\": \"Right\", \"pad_to_multiple_of\": %s, \"pad_id\": 0, \"pad_type_id\": 0, \"pad_token\": %s}"
            .formatted(
                one(
                    random,
                    List.of("\"BatchLongest\"", "{\"Fixed\": 9}", "{\"Fixed\": 900000000}")),
                one(random, List.of("null", "0", "8", "100000000")),
                text(random));
  }
}
