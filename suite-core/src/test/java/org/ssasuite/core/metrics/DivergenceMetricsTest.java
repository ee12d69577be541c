package org.ssasuite.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.request.ComparedTokens;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Unscored;

class DivergenceMetricsTest {
  /** KL of row i is i. */
  private static ComparedTokens rising(int rows) {
    double[] figures = new double[ComparedTokens.FIGURES * rows];
    boolean[] sameTop = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      figures[ComparedTokens.FIGURES * row] = row;
      sameTop[row] = row % 4 == 0;
    }
    return new ComparedTokens(figures, sameTop);
  }

  private static Measure measure(Scored score, String metric, Optional<Facet> facet) {
    return score.measures().stream()
        .filter(m -> m.metric().equals(metric) && m.facet().equals(facet))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDocumentOfThreeTokensHasTwoPredictionsAndNoRange() {
    Scored score = (Scored) DivergenceMetrics.score(rising(2));

    assertThat(measure(score, "kl", Optional.empty()).value()).isEqualTo(0.5);
    assertThat(measure(score, "kl", Optional.empty()).weight()).isEqualTo(2);
    assertThat(score.measures()).noneMatch(m -> m.facet().isPresent());
  }

  @Test
  void theFirst1024TokensHave1023Predictions() {
    Scored score = (Scored) DivergenceMetrics.score(rising(2_047));

    Measure first = measure(score, "kl", Optional.of(new Facet("position", "(0, 1024]")));
    Measure second = measure(score, "kl", Optional.of(new Facet("position", "(1024, 2048]")));
    assertThat(first.weight()).isEqualTo(1_023);
    assertThat(first.value()).isEqualTo(511);
    assertThat(second.weight()).isEqualTo(1_024);
    assertThat(second.value()).isEqualTo((1_023 + 2_046) / 2.0);
  }

  @Test
  void aRangeThatIsNotFilledIsNone() {
    Scored score = (Scored) DivergenceMetrics.score(rising(2_046));

    assertThat(score.measures())
        .noneMatch(m -> m.facet().equals(Optional.of(new Facet("position", "(1024, 2048]"))));
  }

  @Test
  void sameTopIsAShareOfPositions() {
    Scored score = (Scored) DivergenceMetrics.score(rising(8));

    assertThat(measure(score, "same_top", Optional.empty()).value()).isEqualTo(0.25);
  }

  @Test
  void klOfEveryPositionIsPacked() {
    Scored score = (Scored) DivergenceMetrics.score(rising(3));

    assertThat(PackedFigures.unpacked(score.extracted().orElseThrow())).containsExactly(0, 1, 2);
  }

  @Test
  void whatIsNoNumberIsNoScore() {
    double[] figures = {0, 0, 1, -1, -1, 0, Double.NaN, 1, -2, -3};

    assertThat(DivergenceMetrics.score(new ComparedTokens(figures, new boolean[2])))
        .isEqualTo(
            new Unscored(
                "the divergence at position 1 is 0.0, the log-probabilities are -2.0 and -3.0"));
  }

  @Test
  void packedFiguresAreLittleEndianSinglesInBase64() {
    // 1.5f is 0x3FC00000.
    assertThat(PackedFigures.packed(new double[] {1.5})).isEqualTo("AADAPw==");
    assertThat(PackedFigures.unpacked(PackedFigures.packed(new double[] {0.1}))[0])
        .isCloseTo(0.1f, within(1e-9f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AADAPw=", "AADA", "*", "AADAfw=="})
  void whatIsNotPackedIsRefused(String text) {
    // The last one is a NaN.
    assertThatThrownBy(() -> PackedFigures.unpacked(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void metricsAreThoseOfTheAggregate() {
    assertThat(DivergenceMetrics.AGGREGATE.metrics().stream().map(rule -> rule.metric()))
        .isEqualTo(List.of("kl", "kl_reverse", "same_top", "top10", "loss_difference"));
  }
}
