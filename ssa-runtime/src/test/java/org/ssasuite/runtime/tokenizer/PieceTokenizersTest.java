package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.Golden;

/** Pieces with scores, marks before words by each scheme, tables of characters, bytes as pieces. */
class PieceTokenizersTest {
  private static final int VOCABULARY = 1 << 20;

  @TempDir Path folder;

  static List<JsonNode> vectors() {
    return Golden.vectors("piece-tokenizers.jsonl.xz");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void idsAreHuggingFaces(JsonNode vector) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, vector.required("tokenizer").toString());
    try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
      for (int i = 0; i < vector.required("texts").size(); i++) {
        String text = vector.get("texts").get(i).asText();
        JsonNode ids = vector.required("ids").get(i);
        assertThat(tokenizer.ids(text, VOCABULARY))
            .as("%s: %s", vector.get("name").asText(), text)
            .containsExactly(IntStream.range(0, ids.size()).map(n -> ids.get(n).asInt()).toArray());
      }
    }
  }

  /** 11 times by the forms, then 4 for a mark: a space that became a mark is no space any more. */
  @Test
  void marksForSeveralSpacesAndForOneDoNotAddUp() throws IOException {
    JsonNode tokenizer =
        new ObjectMapper()
            .readTree(
                """
                {"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"},
                  {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "\u2581"}]},
                 "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581"}}
                """);
    assertThat(TokenizerGrowth.ofTexts(tokenizer)).isEqualTo(44);
  }
}
