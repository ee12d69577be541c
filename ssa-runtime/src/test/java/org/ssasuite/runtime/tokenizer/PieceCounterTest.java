package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.testing.Property;

/** Tokens counted by pieces and lines against those of the tokenizer over the whole text. */
class PieceCounterTest {
  /** The expression of Llama 3's tokenizer.json. */
  private static final String LLAMA_3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String ALPHABET =
      "aabbcTThe  \n\n\r\t .,'sS\u017f123-_\"\u00e9\u00df\u65e5\u00a0\u2028\u0301\ud83d\ude00|<>";

  @TempDir static Path folder;

  /** The miniatures' vocabulary behind each of the rules. */
  @BeforeAll
  static void write() throws IOException {
    Path mini = Path.of(System.getProperty("ssa.root"), "models", "ssa-mini", "tokenizer.json");
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode tokenizer = (ObjectNode) mapper.readTree(mini.toFile());
    Files.writeString(folder.resolve("gpt-2.json"), tokenizer.toString());
    tokenizer.set("pre_tokenizer", mapper.readTree(sequence(LLAMA_3)));
    Files.writeString(folder.resolve("llama-3.json"), tokenizer.toString());
    tokenizer.set("pre_tokenizer", mapper.readTree(sequence("[a-z]+|[^a-z]")));
    Files.writeString(folder.resolve("other.json"), tokenizer.toString());
    tokenizer.set("normalizer", mapper.readTree("{\"type\": \"NFC\"}"));
    Files.writeString(folder.resolve("whole.json"), tokenizer.toString());
    tokenizer.putNull("normalizer");
    tokenizer.set(
        "post_processor",
        mapper.readTree(
            "{\"type\": \"TemplateProcessing\","
                + "\"single\": [{\"SpecialToken\": {\"id\": \"<|begin_of_text|>\", \"type_id\": 0}},"
                + "{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}],"
                + "\"pair\": [{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}},"
                + "{\"Sequence\": {\"id\": \"B\", \"type_id\": 1}}],"
                + "\"special_tokens\": {\"<|begin_of_text|>\": {\"id\": \"<|begin_of_text|>\","
                + "\"ids\": [0], \"tokens\": [\"<|begin_of_text|>\"]}}}"));
    Files.writeString(folder.resolve("bos.json"), tokenizer.toString());
  }

  private static String sequence(String expression) throws IOException {
    return "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Split\", \"pattern\":"
        + " {\"Regex\": "
        + new ObjectMapper().writeValueAsString(expression)
        + "}, \"behavior\": \"Isolated\", \"invert\": false}, {\"type\": \"ByteLevel\","
        + " \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": false}]}";
  }

  private static PieceCounter counter(String name) {
    return PieceCounter.load(folder.resolve(name + ".json"));
  }

  private static String text(Random random) {
    return Property.strings(ALPHABET, 60).apply(random);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "llama-3", "other", "whole"})
  void piecesHaveTheTokensOfTheWholeText(String name) {
    try (PieceCounter counter = counter(name)) {
      Property.forAll(
          PieceCounterTest::text,
          600,
          text ->
              assertThat(counter.count(text, Integer.MAX_VALUE)).isEqualTo(counter.recount(text)));
    }
  }

  /** The same lines in another order, so that most are known from before. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "llama-3"})
  void linesHaveTheTokensOfTheWholeText(String name) {
    String[] lines = {
      "The grass is green. Here we go.\n", "VAR AB = VAR XY \n", " The sky\n", "\n", "x:  \n",
      "Document 12:\n", "\"Quoted.\"\n", "don't\t\n", "it's 1234567.\n", "\u00e9t\u00e9\n"
    };
    try (PieceCounter counter = counter(name)) {
      Property.forAll(
          random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
              text.append(lines[random.nextInt(lines.length)]);
            }
            return text.append("End").toString();
          },
          300,
          text ->
              assertThat(counter.count(text, Integer.MAX_VALUE)).isEqualTo(counter.recount(text)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "llama-3"})
  void addedTokenIsOneToken(String name) {
    String text = "a <|end_of_text|> b";
    try (PieceCounter counter = counter(name)) {
      assertThat(counter.count(text, 100)).isEqualTo(counter.recount(text));
    }
  }

  @Test
  void countingEndsAboveTheMostThatIsAsked() {
    try (PieceCounter counter = counter("gpt-2")) {
      String text = "One line.\n".repeat(1000);

      assertThat(counter.count(text, 50)).isBetween(51, 200);
      assertThat(counter.count(text, 100_000)).isEqualTo(counter.recount(text));
    }
  }

  @Test
  void specialTokensAreThoseThatThePostProcessorAdds() {
    try (PieceCounter plain = counter("gpt-2");
        PieceCounter bos = counter("bos")) {
      assertThat(plain.specialTokens()).isZero();
      assertThat(bos.specialTokens()).isEqualTo(1);
    }
  }

  @Test
  void identityIsTheDigestOfTheFile() {
    try (PieceCounter one = counter("gpt-2");
        PieceCounter other = counter("llama-3")) {
      assertThat(one.identity()).matches("sha256:[0-9a-f]{64}").isNotEqualTo(other.identity());
    }
  }
}
