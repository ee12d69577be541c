package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.runtime.gguf.GgufFile;
import org.ssasuite.runtime.gguf.GgufTokenizer;
import org.ssasuite.runtime.gguf.GgufWriter;

/** The tokenizers of GGUF files give Hugging Face's ids. */
class GgufTokenizerTest {
  private static final int VOCABULARY = 1 << 20;

  @TempDir Path folder;

  static List<JsonNode> vectors() {
    return Golden.vectors("gguf-tokenizers.jsonl.xz");
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
    List<T> list = new ArrayList<>();
    array.forEach(one -> list.add(element.apply(one)));
    return list;
  }

  private static GgufWriter writer(JsonNode vector) {
    GgufWriter writer =
        new GgufWriter()
            .text("general.architecture", "llama")
            .text("tokenizer.ggml.model", vector.required("model").asText())
            .texts("tokenizer.ggml.tokens", list(vector.required("tokens"), JsonNode::asText))
            .wholes("tokenizer.ggml.token_type", list(vector.required("types"), JsonNode::asInt))
            .whole("tokenizer.ggml.bos_token_id", 1)
            .whole("tokenizer.ggml.eos_token_id", 2);
    if (vector.has("pre")) {
      writer.text("tokenizer.ggml.pre", vector.get("pre").asText());
      writer.texts("tokenizer.ggml.merges", list(vector.get("merges"), JsonNode::asText));
    } else {
      writer.reals("tokenizer.ggml.scores", list(vector.get("scores"), JsonNode::asDouble));
    }
    return writer;
  }

  private Path file(GgufWriter writer) throws IOException {
    return Files.write(folder.resolve("model.gguf"), writer.bytes());
  }

  private static JsonNode of(String kind) {
    return vectors().stream()
        .filter(vector -> vector.path("pre").asText(vector.required("model").asText()).equals(kind))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void idsAreHuggingFaces(JsonNode vector) throws IOException {
    List<String> texts = list(vector.required("texts"), JsonNode::asText);
    try (TextTokenizer tokenizer = TextTokenizer.load(file(writer(vector)))) {
      for (int i = 0; i < texts.size(); i++) {
        int[] wanted =
            list(vector.required("ids").get(i), JsonNode::asInt).stream()
                .mapToInt(Integer::intValue)
                .toArray();
        assertThat(tokenizer.ids(texts.get(i), VOCABULARY)).as(texts.get(i)).isEqualTo(wanted);
      }
    }
  }

  @Test
  void theTokenThatBeginsTextsIsPutThereWhereTheFileSaysSo() throws IOException {
    JsonNode pieces = of("llama");
    int[] wanted =
        list(pieces.required("begins").get(0), JsonNode::asInt).stream()
            .mapToInt(Integer::intValue)
            .toArray();
    try (TextTokenizer tokenizer = TextTokenizer.load(file(writer(pieces)))) {
      assertThat(tokenizer.encodeWithSpecialTokens("ab", VOCABULARY)).isEqualTo(wanted);
    }
    GgufWriter without = writer(pieces).flag("tokenizer.ggml.add_bos_token", false);
    try (TextTokenizer tokenizer = TextTokenizer.load(file(without))) {
      assertThat(tokenizer.encodeWithSpecialTokens("ab", VOCABULARY))
          .isEqualTo(Arrays.copyOfRange(wanted, 1, wanted.length));
    }
  }

  @Test
  void tokensThatFillUpAreNone() throws IOException {
    JsonNode vector = of("qwen2");
    List<String> tokens = list(vector.required("tokens"), JsonNode::asText);
    List<Integer> types = list(vector.required("types"), JsonNode::asInt);
    tokens.addAll(List.of("[PAD1]", "[PAD1]"));
    types.addAll(List.of(5, 5));
    GgufWriter writer =
        new GgufWriter()
            .text("general.architecture", "qwen2")
            .text("tokenizer.ggml.model", "gpt2")
            .text("tokenizer.ggml.pre", "qwen2")
            .texts("tokenizer.ggml.tokens", tokens)
            .wholes("tokenizer.ggml.token_type", types)
            .texts("tokenizer.ggml.merges", list(vector.get("merges"), JsonNode::asText));
    try (TextTokenizer tokenizer = TextTokenizer.load(file(writer))) {
      assertThat(tokenizer.ids("[PAD1]", VOCABULARY)).hasSizeGreaterThan(2);
    }
  }

  private void requireRefused(GgufWriter writer, String fact) throws IOException {
    Path file = file(writer);
    assertThat(GgufTokenizer.refusal(GgufFile.read(file)))
        .hasValueSatisfying(
            text ->
                assertThat(text).contains(fact).endsWith("; bring its tokenizer.json beside it"));
    assertThatThrownBy(() -> TextTokenizer.load(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("model.gguf: has ")
        .hasMessageContaining(fact);
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "deepseek-llm", "smaug-bpe"})
  void aWayOfSplittingThatIsNotKnownIsNamed(String kind) throws IOException {
    requireRefused(
        new GgufWriter()
            .text("tokenizer.ggml.model", "gpt2")
            .text("tokenizer.ggml.pre", kind)
            .texts("tokenizer.ggml.tokens", List.of("a")),
        "has a tokenizer that splits texts in the way '" + kind + "', which is not known here");
  }

  @Test
  void kindsThatAreNotReadAreNamed() throws IOException {
    requireRefused(
        new GgufWriter().text("tokenizer.ggml.model", "bert"),
        "has a tokenizer of the kind 'bert', not gpt2 or llama");
    requireRefused(new GgufWriter(), "has no tokenizer");
  }

  @Test
  void addedTokensBesideLlama2sAreNamed() throws IOException {
    JsonNode pieces = of("llama");
    List<String> tokens = list(pieces.required("tokens"), JsonNode::asText);
    List<Integer> types = list(pieces.required("types"), JsonNode::asInt);
    tokens.add("[INST]");
    types.add(3);
    GgufWriter writer =
        new GgufWriter()
            .text("tokenizer.ggml.model", "llama")
            .texts("tokenizer.ggml.tokens", tokens)
            .wholes("tokenizer.ggml.token_type", types)
            .reals("tokenizer.ggml.scores", list(pieces.get("scores"), JsonNode::asDouble));
    requireRefused(writer, "has a tokenizer with the added token '[INST]', beside Llama 2's three");
  }

  @Test
  void mergesOfNoTokensAreNamed() throws IOException {
    Path file =
        file(
            new GgufWriter()
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "smollm")
                .texts("tokenizer.ggml.tokens", List.of("a", "b"))
                .wholes("tokenizer.ggml.token_type", List.of(1, 1))
                .texts("tokenizer.ggml.merges", List.of("a b")));
    assertThat(GgufTokenizer.refusal(GgufFile.read(file))).isEqualTo(Optional.empty());
    assertThatThrownBy(() -> TextTokenizer.load(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'tokenizer.ggml.merges' has 'a b', which is no merge of its tokens");
  }
}
