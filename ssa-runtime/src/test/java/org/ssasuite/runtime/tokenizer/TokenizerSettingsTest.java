package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.testing.Golden;

/** A tokenizer with its settings gives transformers' ids. */
class TokenizerSettingsTest {
  private static final int VOCABULARY = 1 << 20;

  @TempDir Path folder;

  static List<JsonNode> vectors() {
    return Golden.vectors("tokenizer-settings.jsonl.xz");
  }

  private Path write(JsonNode tokenizer, JsonNode config) throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), config.toString());
    return Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());
  }

  private static int[] ids(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void idsAreThoseOfTransformers(JsonNode vector) throws IOException {
    Path file = write(vector.required("tokenizer"), vector.required("config"));
    JsonNode texts = vector.required("texts");
    try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
      for (int i = 0; i < texts.size(); i++) {
        String text = texts.get(i).asText();
        assertThat(tokenizer.ids(text, VOCABULARY))
            .as(text)
            .isEqualTo(ids(vector.required("plain").get(i)));
        assertThat(tokenizer.encodeWithSpecialTokens(text, VOCABULARY))
            .as("around " + text)
            .isEqualTo(ids(vector.required("ids").get(i)));
      }
    }
  }

  @Test
  void settingsThatChangeNothingLeaveTheIdentity() throws IOException {
    JsonNode vector = vectors().get(3);
    Path file = write(vector.required("tokenizer"), vector.required("config"));
    String with = TextTokenizer.identity(file);
    Files.delete(folder.resolve("tokenizer_config.json"));
    assertThat(TextTokenizer.identity(file)).isEqualTo(with);
  }

  @Test
  void settingsThatChangeSomethingChangeIt() throws IOException {
    JsonNode vector = vectors().get(0);
    Path file = write(vector.required("tokenizer"), vector.required("config"));
    String with = TextTokenizer.identity(file);
    Files.delete(folder.resolve("tokenizer_config.json"));
    assertThat(TextTokenizer.identity(file)).isNotEqualTo(with);
  }

  @Test
  void aTokenThatWouldHaveAnotherIdIsNamed() throws IOException {
    JsonNode vector = vectors().get(0);
    ObjectNode config = vector.required("config").deepCopy();
    ObjectNode decoder = (ObjectNode) config.get("added_tokens_decoder");
    decoder.set("9000", decoder.objectNode().put("content", "<late>"));
    Path file = write(vector.required("tokenizer"), config);
    assertThatThrownBy(() -> TextTokenizer.load(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(
            "tokenizer_config.json: 'added_tokens_decoder' has '<late>' with id 9000; behind its"
                + " tokenizer.json it gets ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void tokensWithoutATextAreNamed() throws IOException {
    JsonNode vector = vectors().get(0);
    ObjectNode config = vector.required("config").deepCopy();
    ((ObjectNode) config.get("added_tokens_decoder")).put("9000", 3);
    Path file = write(vector.required("tokenizer"), config);
    assertThatThrownBy(() -> TextTokenizer.load(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'added_tokens_decoder' has 3; a token's text is needed");
  }

  @Test
  void blocksOnLengthsAreNamed() throws IOException {
    JsonNode vector = vectors().get(0);
    ObjectNode tokenizer = vector.required("tokenizer").deepCopy();
    tokenizer.putObject("truncation").put("max_length", 4);
    Path file = write(tokenizer, vector.required("config"));
    assertThat(TextTokenizer.ignored(file)).containsExactly("truncation");
  }
}
