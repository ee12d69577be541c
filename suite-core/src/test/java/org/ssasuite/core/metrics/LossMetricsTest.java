package org.ssasuite.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Unscored;
import org.ssasuite.core.testing.Golden;

class LossMetricsTest {
  private static Score score(TextSize size, float... logProbabilities) {
    int[] ends = new int[logProbabilities.length];
    return LossMetrics.score(
        new RatedTokens(1, 0, logProbabilities, ends), size, rated -> List.of());
  }

  /** Σ value·weight / Σ weight of a metric, transformed. */
  private static double aggregate(String metric, List<Score> scores) {
    MetricRule rule =
        LossMetrics.AGGREGATE.metrics().stream()
            .filter(r -> r.metric().equals(metric))
            .findFirst()
            .orElseThrow();
    double sum = 0;
    double weights = 0;
    for (Score score : scores) {
      for (Measure measure : ((Scored) score).measures()) {
        if (measure.metric().equals(metric)) {
          sum += measure.value() * measure.weight();
          weights += measure.weight();
        }
      }
    }
    return rule.transform().apply(sum / weights);
  }

  @ParameterizedTest
  @ValueSource(strings = {"word_perplexity", "byte_perplexity", "bits_per_byte"})
  void aggregateIsTheReferences(String metric) {
    JsonNode golden = Golden.vectors("wikitext2-perplexity.jsonl").get(0);
    List<JsonNode> pages = Golden.vectors("wikitext2-pages.jsonl");
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < pages.size(); i++) {
      scores.add(
          score(
              new TextSize(
                  pages.get(i).get("words").intValue(), pages.get(i).get("bytes").intValue()),
              golden.get("log_likelihoods").get(i).floatValue()));
    }

    double expected = golden.get(metric).doubleValue();
    assertThat(aggregate(metric, scores)).isCloseTo(expected, within(1e-12 * expected));
  }

  @Test
  void tokenNatsIsTheMeanOverTokens() {
    List<Score> scores = List.of(score(new TextSize(1, 1), -1, -2), score(new TextSize(9, 9), -6f));

    assertThat(aggregate("token_nats", scores)).isEqualTo(3);
  }

  @Test
  void headlineIsWordPerplexity() {
    assertThat(LossMetrics.AGGREGATE.headline().metric()).isEqualTo("word_perplexity");
  }

  @Test
  void impossibleTokenLeavesTheDocumentUnscored() {
    assertThat(score(new TextSize(1, 1), -1, Float.NEGATIVE_INFINITY))
        .isEqualTo(new Unscored("the log-probability of token 2 is -Infinity"));
  }

  @Test
  void tokenWithoutAProbabilityLeavesTheDocumentUnscored() {
    assertThat(score(new TextSize(1, 1), Float.NaN))
        .isEqualTo(new Unscored("the log-probability of token 1 is NaN"));
  }

  @Test
  void textWithoutWordsIsUnscored() {
    assertThat(score(new TextSize(0, 3), -1)).isEqualTo(new Unscored("no word in the rated text"));
  }
}
