package org.ssasuite.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;

class PositionFacetsTest {
  /** A document of so many tokens; each token's loss is the number of 1,024s before it, plus 1. */
  private static RatedTokens steps(int tokens) {
    float[] logProbabilities = new float[tokens - 1];
    for (int i = 0; i < logProbabilities.length; i++) {
      logProbabilities[i] = -((i + 1) / 1024 + 1);
    }
    return new RatedTokens(1, 0, logProbabilities, new int[tokens - 1]);
  }

  private static Measure measure(String facet, String value, double nats, double tokens) {
    return Measure.of("token_nats", nats, tokens).in(new Facet(facet, value));
  }

  @Test
  void rangesComeBeforePrefixes() {
    assertThat(PositionFacets.of(steps(2048), 8192))
        .extracting(measure -> measure.facet().orElseThrow())
        .containsExactly(
            new Facet("position", "(0, 1024]"),
            new Facet("position", "(1024, 2048]"),
            new Facet("prefix", "1024"),
            new Facet("prefix", "2048"));
  }

  @Test
  void firstRangeLacksTheFirstToken() {
    assertThat(PositionFacets.of(steps(1024), 8192))
        .contains(measure("position", "(0, 1024]", 1, 1023));
  }

  @Test
  void laterRangeHasAllItsTokens() {
    assertThat(PositionFacets.of(steps(4096), 8192))
        .contains(measure("position", "(2048, 4096]", 3.5, 2048));
  }

  @Test
  void prefixIsTheMeanOverAllItsPredictions() {
    assertThat(PositionFacets.of(steps(2048), 8192))
        .contains(measure("prefix", "2048", (1023 + 2 * 1024) / 2047.0, 2047));
  }

  @Test
  void rangeThatTheDocumentDoesNotFillIsLeftOut() {
    assertThat(PositionFacets.of(steps(2047), 8192))
        .extracting(measure -> measure.facet().orElseThrow().value())
        .containsExactly("(0, 1024]", "1024");
  }

  @Test
  void rangeBehindTheWindowIsLeftOut() {
    assertThat(PositionFacets.of(steps(4096), 3000))
        .extracting(measure -> measure.facet().orElseThrow().value())
        .containsExactly("(0, 1024]", "(1024, 2048]", "1024", "2048");
  }

  @Test
  void shortDocumentHasNoRange() {
    assertThat(PositionFacets.of(steps(1023), 8192)).isEqualTo(List.of());
  }
}
