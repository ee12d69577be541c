package org.ssasuite.tasks.longbench;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.testing.Golden;

class GoldenScoresTest {
  private static final Map<String, List<JsonNode>> VECTORS =
      Golden.vectors("scores.jsonl.xz").stream()
          .collect(groupingBy(vector -> vector.get("metric").textValue()));

  @ParameterizedTest
  @CsvSource({
    "qa_f1_score, F1",
    "qa_f1_zh_score, F1_ZH",
    "rouge_score, ROUGE_L",
    "rouge_zh_score, ROUGE_L_ZH",
    "classification_score, CLASS_SHARE",
    "count_score, COUNT",
    "retrieval_score, RETRIEVAL",
    "retrieval_zh_score, RETRIEVAL_ZH",
    "code_sim_score, CODE_SIM",
  })
  void everyBitIsTheReferences(String function, Scoring scoring) {
    List<JsonNode> vectors = VECTORS.get(function);
    assertThat(vectors).hasSize(220);
    for (JsonNode vector : vectors) {
      List<String> classes = new ArrayList<>();
      vector.get("classes").forEach(name -> classes.add(name.textValue()));
      double score =
          scoring
              .metric()
              .score(
                  vector.get("prediction").textValue(),
                  vector.get("reference").textValue(),
                  classes);
      assertThat(score).as(vector.toString()).isEqualTo(vector.get("score").doubleValue());
    }
  }
}
