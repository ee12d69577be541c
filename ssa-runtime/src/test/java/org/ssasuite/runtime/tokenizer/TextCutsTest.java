package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.testing.Property;

/** Texts that are cut have the tokens of the same texts in one piece, in every kind of pipeline. */
class TextCutsTest {
  private static final int VOCABULARY = 1 << 20;

  private static final String ALPHABET =
      "aabbcTThe  \n\n\t .,;:!?'sS123-_\"\u00e9\u00df\u65e5\u672c\u3002\uff0c\u304b\u3099\uac00\u00a0"
          + "\u2028\u0301\ud83d\ude00|<>/`xyz";

  @TempDir static Path folder;

  /** A small vocabulary behind the normalizers and pre-tokenizers of published tokenizers. */
  @BeforeAll
  static void write() throws IOException {
    Path mini = Path.of(System.getProperty("ssa.root"), "models", "ssa-mini", "tokenizer.json");
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode bytes = (ObjectNode) mapper.readTree(mini.toFile());
    Map<String, String> splits =
        Map.of(
            "gpt-2", BYTES.formatted("", "true"),
            "smollm",
                BYTES.formatted("{\"type\": \"Digits\", \"individual_digits\": true},", "true"),
            "llama-3", BYTES.formatted(split(LLAMA_3), "false"),
            "gpt-4o", BYTES.formatted(split(O200K), "false"),
            "deepseek", BYTES.formatted(split("\\p{N}{1,3}") + split(DEEPSEEK), "false"),
            "falcon", "{\"type\": \"Sequence\", \"pretokenizers\": [" + FALCON + "]}",
            "letters", BYTES.formatted(split("[a-z]+"), "false"));
    for (Map.Entry<String, String> entry : splits.entrySet()) {
      bytes.set("pre_tokenizer", mapper.readTree(entry.getValue()));
      Files.writeString(folder.resolve(entry.getKey()), bytes.toString());
    }
    bytes.set("pre_tokenizer", mapper.readTree(splits.get("llama-3")));
    bytes.set("normalizer", mapper.readTree("{\"type\": \"NFC\"}"));
    Files.writeString(folder.resolve("qwen-2"), bytes.toString());
    Files.writeString(folder.resolve("llama-2"), marked(PREPEND + "," + SPACES, "null"));
    Files.writeString(folder.resolve("gemma"), marked(SPACES, GEMMA));
    Files.writeString(folder.resolve("mistral"), marked("", METASPACE.formatted("first", false)));
    Files.writeString(folder.resolve("t5"), marked("", METASPACE.formatted("always", true)));
    Files.writeString(folder.resolve("bert"), BERT);
  }

  private static final String LLAMA_3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String O200K =
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
          + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
          + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String DEEPSEEK =
      "[!-/:-~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
          + "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+";

  private static final String BYTES =
      "{\"type\": \"Sequence\", \"pretokenizers\": [%s {\"type\": \"ByteLevel\","
          + " \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": %s}]}";

  private static final String FALCON =
      "{\"type\": \"Punctuation\", \"behavior\": \"Contiguous\"}, {\"type\": \"ByteLevel\","
          + " \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": true},"
          + " {\"type\": \"Digits\", \"individual_digits\": false}, {\"type\": \"Split\","
          + " \"pattern\": {\"Regex\": \"[0-9][0-9][0-9]\"}, \"behavior\": \"Isolated\","
          + " \"invert\": false}";

  private static final String PREPEND = "{\"type\": \"Prepend\", \"prepend\": \"\u2581\"}";

  private static final String SPACES =
      "{\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"\u2581\"}";

  private static final String GEMMA =
      "{\"type\": \"Split\", \"pattern\": {\"String\": \" \"}, \"behavior\": \"MergedWithPrevious\","
          + " \"invert\": false}";

  private static final String METASPACE =
      "{\"type\": \"Metaspace\", \"replacement\": \"\u2581\", \"prepend_scheme\": \"%s\","
          + " \"split\": %s}";

  private static final String BERT =
      """
      {"normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                      "strip_accents": null, "lowercase": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
       "model": {"unk_token": "[UNK]", "continuing_subword_prefix": "##",
                 "max_input_chars_per_word": 100,
                 "vocab": {"[UNK]": 0, "a": 1, "b": 2, "##a": 3, "##b": 4, "the": 5, "##he": 6,
                           "t": 7, ".": 8, ",": 9, "x": 10}}}
      """;

  private static String split(String expression) throws IOException {
    return "{\"type\": \"Split\", \"pattern\": {\"Regex\": "
        + new ObjectMapper().writeValueAsString(expression)
        + "}, \"behavior\": \"Isolated\", \"invert\": false},";
  }

  /** A model that puts pairs together over the whole text, with marks for spaces. */
  private static String marked(String normalizers, String splits) {
    return """
        {"added_tokens": [{"id": 1, "content": "<x>", "single_word": false, "lstrip": false,
                           "rstrip": false, "normalized": false, "special": true}],
         "normalizer": {"type": "Sequence", "normalizers": [%s]}, "pre_tokenizer": %s,
         "model": {"type": "BPE", "unk_token": "<u>", "fuse_unk": true, "byte_fallback": false,
                   "vocab": {"<u>": 0, "<x>": 1, "\u2581": 2, "a": 3, "b": 4, "T": 5, "h": 6,
                             "e": 7, "\u2581a": 8, "ab": 9, "\u2581T": 10, "he": 11,
                             "\u2581The": 12, "\u2581\u2581": 13, ".": 14, ",": 15, "\\n": 16,
                             "x": 17, "y": 18, "\\n\\n": 19, "s": 20, "\u3002": 21, "c": 22},
                   "merges": ["\u2581 a", "a b", "\u2581 T", "h e", "\u2581T he", "\u2581 \u2581",
                              "\\n \\n"]}}
        """
        .formatted(normalizers, splits);
  }

  private static void cutsLikeTheWhole(String name, int leastPlaces) {
    Path file = folder.resolve(name);
    TextCuts cuts = TextCuts.of(TokenizerJson.read(file).tree());
    assertThat(cuts.marks().length()).isGreaterThanOrEqualTo(leastPlaces);
    try (TextTokenizer whole = TextTokenizer.load(file, Set.of(), 1 << 20);
        TextTokenizer cut = TextTokenizer.load(file, Set.of(), 5)) {
      Property.forAll(
          TextCutsTest::text,
          400,
          text -> {
            TextTokenizer.Tokens expected = whole.encode(text, VOCABULARY);
            TextTokenizer.Tokens found = cut.encode(text, VOCABULARY);
            assertThat(found.ids()).containsExactly(expected.ids());
            assertThat(found.textEnds()).containsExactly(expected.textEnds());
            assertThat(cut.ids(text, VOCABULARY)).containsExactly(expected.ids());
            assertThat(cut.count(text, true)).isEqualTo(whole.count(text, true));
          });
    }
  }

  private static String text(Random random) {
    String text = Property.strings(ALPHABET, 60).apply(random);
    return random.nextBoolean() ? text : text.replaceAll("(.)(.)", "$1 <x>$2 ab The ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "smollm", "llama-3", "gpt-4o", "deepseek", "qwen-2", "falcon"})
  void byteLevelTextsAreCutAtSpacesAndMarks(String name) {
    cutsLikeTheWhole(name, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-2", "gemma", "mistral", "t5", "bert"})
  void othersAreCutAtSpaces(String name) {
    cutsLikeTheWhole(name, 1);
  }

  /** Where no piece ends, only a mark that no token has behind something else is a place. */
  @Test
  void aSplitThatLeavesLettersOutIsCutByTheVocabulary() {
    cutsLikeTheWhole("letters", 0);
    assertThat(TextCuts.of(TokenizerJson.read(folder.resolve("letters")).tree()).marks())
        .doesNotContain(" ", "\n");
  }

  @Test
  void oneWordOfAMillionLettersIsRefusedInOneLine() {
    try (TextTokenizer tokenizer = TextTokenizer.load(folder.resolve("gpt-2"))) {
      assertThatThrownBy(() -> tokenizer.encode("a".repeat(1_000_000), VOCABULARY))
          .isInstanceOf(BadInputException.class)
          .hasMessageEndingWith(
              "cannot encode a text: from character 0 on it has 1000000 that cannot be told apart;"
                  + " at most 524288 bytes can be one piece");
    }
  }

  /** Llama 3's expression gives up on ten million spaces, and the process with it. */
  @Test
  void elevenMillionSpacesAreRefused() {
    try (TextTokenizer tokenizer = TextTokenizer.load(folder.resolve("llama-3"))) {
      assertThatThrownBy(() -> tokenizer.encode("a" + " ".repeat(11_000_000), VOCABULARY))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("cannot be told apart");
    }
  }
}
