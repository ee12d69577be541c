package org.ssasuite.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.Golden;

class StringMatchTest {
  private static final double ROUNDED = 0.005;

  static List<JsonNode> scores() {
    return Golden.vectors("words-and-scores.jsonl", "score");
  }

  @ParameterizedTest
  @MethodSource("scores")
  void scoresAreTheReferences(JsonNode vector) {
    String prediction = vector.get("prediction").textValue();
    List<String> references = new ArrayList<>();
    vector.get("references").forEach(reference -> references.add(reference.textValue()));

    assertThat(StringMatch.cleaned(prediction)).isEqualTo(vector.get("cleaned").textValue());
    assertThat(100 * StringMatch.ALL.score(prediction, references))
        .isCloseTo(vector.get("all").doubleValue(), within(ROUNDED));
    assertThat(100 * StringMatch.PART.score(prediction, references))
        .isCloseTo(vector.get("part").doubleValue(), within(ROUNDED));
    assertThat(100 * StringMatch.SHARE.score(prediction, references))
        .isCloseTo(vector.get("share").doubleValue(), within(ROUNDED));
  }
}
