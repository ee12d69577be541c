package org.ssasuite.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Unscored;

class ChoiceMetricsTest {
  /** Eight code points of 16 UTF-16 units and 32 bytes; four of one unit and four bytes. */
  private static final List<String> PICTURES = List.of("\uD83D\uDE00".repeat(8), "four");

  private static ContinuationRating rating(double logLikelihood, int tokens) {
    return new ContinuationRating(
        logLikelihood, tokens, false, false, ContextFit.whole(100), Optional.empty());
  }

  private static Measure measure(Score score, String metric) {
    return ((Scored) score)
        .measures().stream().filter(m -> m.metric().equals(metric)).findFirst().orElseThrow();
  }

  private static double value(String metric, double first, double second) {
    return measure(
            ChoiceMetrics.OF_ANSWERS.score(
                PICTURES, 0, " " + PICTURES.get(0), List.of(rating(first, 3), rating(second, 4))),
            metric)
        .value();
  }

  private static List<String> metrics(ChoiceMetrics metrics) {
    return metrics.aggregate().metrics().stream().map(MetricRule::metric).toList();
  }

  @Test
  void normalisedAccuracyIsTheHeadlineOfAnswers() {
    assertThat(metrics(ChoiceMetrics.OF_ANSWERS))
        .containsExactly(
            "acc_norm",
            "acc",
            "acc_bytes",
            "acc_tokens",
            "gold_nats_per_byte",
            "ties",
            "boundary_moved");
  }

  @Test
  void beginningsHavePlainAccuracyOnly() {
    assertThat(metrics(ChoiceMetrics.OF_BEGINNINGS))
        .containsExactly("acc", "gold_nats_per_byte", "ties", "boundary_moved");
  }

  @Test
  void oneChoiceWithAMovedBoundaryMarksTheQuestion() {
    ContinuationRating moved =
        new ContinuationRating(-9, 3, false, true, ContextFit.whole(100), Optional.empty());

    Score score =
        ChoiceMetrics.OF_ANSWERS.score(
            PICTURES, 0, " " + PICTURES.get(0), List.of(rating(-9, 3), moved));

    assertThat(measure(score, "boundary_moved").value()).isEqualTo(1);
    assertThat(value("boundary_moved", -9, -9)).isZero();
  }

  @Test
  void plainAccuracyTakesTheHighestSum() {
    assertThat(value("acc", -9, -10)).isEqualTo(1);
    assertThat(value("acc", -10, -9)).isZero();
  }

  @Test
  void normalisedAccuracyDividesByCodePoints() {
    // By UTF-16 units the first would be −21 / 16 and win.
    assertThat(value("acc_norm", -19, -10)).isEqualTo(1);
    assertThat(value("acc_norm", -21, -10)).isZero();
  }

  @Test
  void byteAccuracyDividesByUtf8Bytes() {
    assertThat(value("acc_bytes", -79, -10)).isEqualTo(1);
    assertThat(value("acc_bytes", -81, -10)).isZero();
  }

  @Test
  void tokenAccuracyDividesByTokens() {
    assertThat(value("acc_tokens", -7.4, -10)).isEqualTo(1);
    assertThat(value("acc_tokens", -7.6, -10)).isZero();
  }

  @Test
  void ofEqualFiguresTheFirstIsChosen() {
    assertThat(value("acc_norm", -20, -10)).isEqualTo(1);
    assertThat(value("acc", -10, -10)).isEqualTo(1);
  }

  @Test
  void equalFiguresOfTheHeadlineAreATie() {
    assertThat(value("ties", -20, -10)).isEqualTo(1);
  }

  @Test
  void equalSumsAreNoTieOfANormalisedHeadline() {
    assertThat(value("ties", -10, -10)).isZero();
  }

  @Test
  void equalFiguresBelowTheHighestAreNoTie() {
    assertThat(Accuracy.tied(new double[] {-3, -1, -3})).isFalse();
  }

  @Test
  void bitsPerByteAreOfTheRightChoiceWithItsSpace() {
    Measure bits =
        measure(
            ChoiceMetrics.OF_ANSWERS.score(
                PICTURES, 0, " " + PICTURES.get(0), List.of(rating(-66, 3), rating(-1, 4))),
            "gold_nats_per_byte");

    assertThat(bits.value()).isCloseTo(2, within(1e-12));
    assertThat(bits.weight()).isEqualTo(33);
  }

  @Test
  void extractedIsTheHeadlinesChoice() {
    Scored scored =
        (Scored)
            ChoiceMetrics.OF_ANSWERS.score(
                PICTURES, 0, " " + PICTURES.get(0), List.of(rating(-21, 3), rating(-10, 4)));

    assertThat(scored.extracted()).contains("1");
  }

  @Test
  void logLikelihoodThatIsNoNumberIsUnscored() {
    assertThat(
            ChoiceMetrics.OF_ANSWERS.score(
                PICTURES, 0, " " + PICTURES.get(0), List.of(rating(-1, 3), rating(Double.NaN, 4))))
        .isEqualTo(new Unscored("the log-likelihood of choice 1 is NaN over 4 tokens"));
  }

  @Test
  void impossibleChoiceIsUnscored() {
    assertThat(
            ChoiceMetrics.OF_BEGINNINGS.score(
                PICTURES,
                0,
                " " + PICTURES.get(0),
                List.of(rating(Double.NEGATIVE_INFINITY, 3), rating(-1, 4))))
        .isEqualTo(new Unscored("the log-likelihood of choice 0 is -Infinity over 3 tokens"));
  }

  @Test
  void choiceWithoutATokenIsUnscored() {
    assertThat(
            ChoiceMetrics.OF_ANSWERS.score(
                PICTURES, 0, " " + PICTURES.get(0), List.of(rating(-1, 3), rating(0, 0))))
        .isEqualTo(new Unscored("the log-likelihood of choice 1 is 0.0 over 0 tokens"));
  }

  @Test
  void emptyChoiceLosesWhereALengthDivides() {
    List<ContinuationRating> ratings = List.of(rating(-1, 1), rating(-50, 1));

    assertThat(
            measure(ChoiceMetrics.OF_ANSWERS.score(List.of("", "a"), 0, " ", ratings), "acc_norm")
                .value())
        .isZero();
  }
}
