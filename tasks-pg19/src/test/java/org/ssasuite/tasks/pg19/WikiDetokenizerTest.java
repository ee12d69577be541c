package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.metrics.TextSize;
import org.ssasuite.core.testing.Golden;

class WikiDetokenizerTest {
  static List<JsonNode> pages() {
    return Golden.vectors("wikitext2-detokenizer.jsonl");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void textIsTheReferences(JsonNode golden) {
    assertThat(WikiDetokenizer.detokenize(golden.get("page").textValue()))
        .isEqualTo(golden.get("text").textValue());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void denominatorsAreTheReferences(JsonNode golden) {
    assertThat(WikiFile.size(golden.get("page").textValue()))
        .isEqualTo(new TextSize(golden.get("words").intValue(), golden.get("bytes").intValue()));
  }

  @Test
  void insertsItsOwnPatternLikeTheReference() {
    assertThat(WikiDetokenizer.detokenize("/' 7/")).isEqualTo("/'[0-9]/");
  }
}
