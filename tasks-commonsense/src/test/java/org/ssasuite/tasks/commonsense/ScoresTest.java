package org.ssasuite.tasks.commonsense;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.testing.Golden;

/** The reference's scores of random log-likelihoods, rounded ones among them that tie. */
class ScoresTest {
  static List<JsonNode> scores() {
    return Golden.vectors("commonsense.jsonl", "score");
  }

  private static Map<String, Double> measured(JsonNode vector) {
    List<Response> responses = new ArrayList<>();
    vector
        .get("log_likelihoods")
        .forEach(
            value ->
                responses.add(
                    new ContinuationRating(
                        value.doubleValue(),
                        5,
                        false,
                        false,
                        ContextFit.whole(9),
                        Optional.empty())));
    return measured(
        Made.task(
            vector.get("task").textValue(),
            EmbeddedData.folder(),
            0,
            CommonsenseTasks.DEFAULT_SEED),
        vector.get("document").intValue(),
        responses);
  }

  private static <S extends Sample> Map<String, Double> measured(
      Task<S> task, int document, List<Response> responses) {
    S sample = task.samples().skip(document).findFirst().orElseThrow();
    Map<String, Double> values = new HashMap<>();
    for (Measure measure : ((Scored) task.score(sample, responses)).measures()) {
      values.put(measure.metric(), measure.value());
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("scores")
  void accuraciesAreTheReferences(JsonNode vector) {
    Map<String, Double> expected = new HashMap<>();
    vector
        .get("scores")
        .properties()
        .forEach(score -> expected.put(score.getKey(), score.getValue().doubleValue()));

    assertThat(measured(vector)).containsAllEntriesOf(expected);
  }
}
