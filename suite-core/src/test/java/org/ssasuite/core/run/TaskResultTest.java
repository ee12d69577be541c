package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.testing.ToyTask;

/** What the samples of a task come to. */
class TaskResultTest extends ScriptedRun {
  private static final TaskId TASK = ToyTask.of(1).id();

  @Test
  void metricsComeHeadlineFirstThenByFacetInOrderOfAppearance() {
    TaskResult result = run(ToyTask.of(4), doubling());
    assertThat(result.metrics())
        .extracting(MetricResult::metric, MetricResult::facet)
        .containsExactly(
            tuple(ToyTask.CORRECT, Optional.empty()),
            tuple(ToyTask.LENGTH, Optional.empty()),
            tuple(ToyTask.CORRECT, parity("even")),
            tuple(ToyTask.CORRECT, parity("odd")));
  }

  @Test
  void valuesAreTransformedMeans() {
    TaskResult result = run(ToyTask.of(4), answering(n -> n == 3 ? "7" : "" + 2 * n));
    assertThat(result.metrics().get(0).value()).isEqualTo(75);
    assertThat(result.metrics().get(1).value()).isEqualTo(Math.exp(1));
    assertThat(result.metrics().get(3).value()).isEqualTo(50);
  }

  @Test
  void intervalEndsAreTransformedTooAndStayWithinTheMetric() {
    MetricResult correct =
        run(ToyTask.of(12), answering(n -> n == 3 ? "7" : "" + 2 * n)).metrics().get(0);
    // Five documents with 1 and one with 0.5: standard error 1/12; t of five degrees of freedom by
    // scipy. The upper end would be 113.
    assertThat(correct.interval().method()).isEqualTo(Interval.Method.STUDENT_T);
    assertThat(correct.interval().low())
        .isCloseTo(100 * (11 - 2.5705818366147395) / 12, within(1e-6));
    assertThat(correct.interval().high()).isEqualTo(100);
  }

  @Test
  void standardErrorsAreOfTheTransformedValueToFirstOrder() {
    List<MetricResult> metrics =
        run(ToyTask.of(12), answering(n -> n == 3 ? "7" : "" + 2 * n)).metrics();
    assertThat(metrics.get(0).standardError().orElseThrow()).isCloseTo(100.0 / 12, within(1e-9));
    // Lengths of the answers 0, 2, 4, 7, 8 and of seven of two digits, in pairs: by numpy.
    assertThat(metrics.get(1).value()).isCloseTo(Math.exp(19 / 12.0), within(1e-9));
    assertThat(metrics.get(1).standardError().orElseThrow())
        .isCloseTo(Math.exp(19 / 12.0) * 0.2006932429798716, within(1e-9));
  }

  @Test
  void oneDocumentKeepsTheWholeLineUnderEveryTransform() {
    for (MetricResult metric : run(ToyTask.of(2), doubling()).metrics()) {
      assertThat(metric.interval().low()).isEqualTo(Double.NEGATIVE_INFINITY);
      assertThat(metric.interval().high()).isEqualTo(Double.POSITIVE_INFINITY);
    }
  }

  @Test
  void countsOfSamplesAndDocumentsAreThoseOfTheMetric() {
    MetricResult odd = run(ToyTask.of(5), doubling()).metrics().get(3);
    assertThat(odd.facet()).isEqualTo(parity("odd"));
    assertThat(odd.samples()).isEqualTo(2);
    assertThat(odd.documents()).isEqualTo(2);
  }

  @Test
  void anUnscoredSampleIsCountedAndNotAZero() {
    TaskResult result = run(ToyTask.of(4), answering(n -> n == 1 ? "two" : "" + 2 * n));
    assertThat(result.samples()).isEqualTo(3);
    assertThat(result.unscored()).isEqualTo(1);
    assertThat(result.complete()).isFalse();
    assertThat(result.metrics().get(0).value()).isEqualTo(100);
  }

  @Test
  void anAnswerThatFailedHasNoScoreWhateverItsText() throws IOException {
    LanguageModel failing =
        new ScriptedModel(
            request ->
                new Generation(
                    "0", 1, ContextFit.whole(7), Optional.empty(), Optional.of("no logits")));
    TaskResult result = run(ToyTask.of(1), failing);
    assertThat(result.unscored()).isEqualTo(1);
    assertThat(lines().get(0).at("/score/unscored").asText()).isEqualTo("no logits");
  }

  @Test
  void whenNothingIsScoredThereAreNoMetrics() {
    TaskResult result = run(ToyTask.of(4), answering(n -> "none"));
    assertThat(result.metrics()).isEmpty();
    assertThat(result.unscored()).isEqualTo(4);
  }

  @Test
  void tokensAndCutsAreSummed() {
    TaskResult result = run(ToyTask.of(3), doubling());
    assertThat(result.tokens()).isEqualTo(15);
    assertThat(result.cutTokens()).isEqualTo(6);
    assertThat(result.truncated()).isEqualTo(3);
  }

  @Test
  void resultCarriesTheIdentityOfModelAndTask() {
    TaskResult result = run(ToyTask.of(1), doubling());
    assertThat(result.model().name()).isEqualTo("scripted");
    assertThat(result.task()).isEqualTo(TASK);
    assertThat(result.protocol()).isEqualTo("doubling, greedy, 4 tokens");
    assertThat(result.dataDigest()).isEqualTo("00".repeat(32));
  }

  @Test
  void aMetricOfWeightZeroOnlyHasNoResult() {
    assertThat(run(scoring(s -> scored(Measure.of("m", 1, 0))), doubling()).metrics()).isEmpty();
  }

  private static Optional<Facet> parity(String value) {
    return Optional.of(new Facet("parity", value));
  }
}
