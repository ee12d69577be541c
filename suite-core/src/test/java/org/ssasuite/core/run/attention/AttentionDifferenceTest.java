package org.ssasuite.core.run.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.request.AttentionStatistics.Statistic;
import org.ssasuite.core.run.SampleFigures;
import org.ssasuite.core.run.attention.WatchedRow.WatchedSample;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.testing.Golden;

class AttentionDifferenceTest {
  private static final Positions FIRST = new Positions(0, 1024);

  private static Statistic statistic(String name, int queries, double value) {
    return new Statistic(name, Optional.of(FIRST), queries, List.of(List.of(value)));
  }

  private static WatchedSample sample(String asked, String document, Statistic... statistics) {
    return new WatchedSample(
        asked, document, SampleFigures.of(new AttentionStatistics(List.of(statistics))));
  }

  private static WatchedRow row(WatchedSample... samples) {
    return new WatchedRow(List.of(samples), List.of());
  }

  /** Each value a document of its own. */
  private static WatchedRow documents(double... values) {
    List<WatchedSample> samples = new ArrayList<>();
    for (double value : values) {
      String id = "d" + samples.size();
      samples.add(sample(id, id, statistic("entropy_bits", 100, value)));
    }
    return new WatchedRow(samples, List.of());
  }

  /** Of a statistic over all positions. */
  private static AttentionDifference difference(WatchedRow a, WatchedRow b, String statistic) {
    return AttentionDifference.of(a, b).stream()
        .filter(each -> each.statistic().equals(statistic) && each.positions().isEmpty())
        .findFirst()
        .orElseThrow();
  }

  private static double[] numbers(JsonNode list) {
    double[] numbers = new double[list.size()];
    Arrays.setAll(numbers, i -> list.get(i).doubleValue());
    return numbers;
  }

  @Test
  void fewDocumentsHaveScipysPairedInterval() {
    int seen = 0;
    for (JsonNode vector : Golden.vectors("paired.jsonl", "paired_t")) {
      if (vector.get("a").size() < 20) {
        AttentionDifference difference =
            difference(
                documents(numbers(vector.get("a"))),
                documents(numbers(vector.get("b"))),
                "entropy_bits");
        Interval interval = difference.interval();

        assertThat(difference.paired().difference())
            .isCloseTo(vector.get("difference").doubleValue(), within(1e-12));
        assertThat(interval.low()).isCloseTo(vector.get("low").doubleValue(), within(1e-9));
        assertThat(interval.high()).isCloseTo(vector.get("high").doubleValue(), within(1e-9));
        assertThat(interval.method()).isEqualTo(Interval.Method.STUDENT_T);
        seen++;
      }
    }
    assertThat(seen).isPositive();
  }

  @Test
  void twentyDocumentsAreBootstrapped() {
    double[] a = new double[20];
    double[] b = new double[20];
    Arrays.setAll(a, i -> i);
    Arrays.setAll(b, i -> i + 1 + 0.1 * Math.sin(i));

    Interval interval = difference(documents(a), documents(b), "entropy_bits").interval();

    assertThat(interval.method()).isEqualTo(Interval.Method.BOOTSTRAP);
    assertThat(interval.low()).isGreaterThan(0.9);
  }

  @Test
  void aSingleDocumentSaysNothingOfItsInterval() {
    AttentionDifference difference = difference(documents(3), documents(5), "entropy_bits");

    assertThat(difference.paired().difference()).isEqualTo(2);
    assertThat(difference.interval().method()).isEqualTo(Interval.Method.NONE);
  }

  @Test
  void samplesBelongTogetherByWhatTheyAskedAndADocumentCountsOnce() {
    WatchedRow a =
        row(
            sample("p", "x", statistic("entropy_bits", 100, 1)),
            sample("q", "x", statistic("entropy_bits", 300, 5)),
            sample("r", "y", statistic("entropy_bits", 10, 10)),
            sample("only a", "z", statistic("entropy_bits", 10, 99)));
    WatchedRow b =
        row(
            sample("r", "y", statistic("entropy_bits", 10, 7)),
            sample("q", "x", statistic("entropy_bits", 300, 6)),
            sample("p", "x", statistic("entropy_bits", 100, 2)));

    AttentionDifference difference = difference(a, b, "entropy_bits");

    assertThat(difference.paired().ratioA()).isEqualTo((4.0 + 10) / 2);
    assertThat(difference.paired().ratioB()).isEqualTo((5.0 + 7) / 2);
    assertThat(difference.samples()).isEqualTo(3);
    assertThat(difference.paired().documents()).isEqualTo(2);
  }

  @Test
  void ofSamplesThatAskedTheSameTheFirstBelongsToTheFirst() {
    WatchedRow a =
        row(
            sample("p", "x", statistic("last_16", 1, 1)),
            sample("p", "y", statistic("last_16", 1, 2)));
    WatchedRow b =
        row(
            sample("p", "x", statistic("last_16", 1, 11)),
            sample("p", "y", statistic("last_16", 1, 22)));

    assertThat(difference(a, b, "last_16").paired().linearised()).containsExactly(10, 20);
  }

  @Test
  void aSampleThatOneSideSawNothingOfDoesNotCount() {
    WatchedRow a =
        row(
            sample("p", "x", statistic("last_16", 1, 1)),
            sample("q", "y", statistic("last_16", 1, 3)));
    WatchedRow b = row(sample("p", "x"), sample("q", "y", statistic("last_16", 1, 4)));

    AttentionDifference difference = difference(a, b, "last_16");

    assertThat(difference.samples()).isEqualTo(1);
    assertThat(difference.paired().ratioA()).isEqualTo(3);
  }

  @Test
  void whatOneSideAloneSeesIsNotCompared() {
    WatchedRow full =
        row(sample("p", "x", statistic("captured_16x16", 1, 0.9), statistic("entropy_bits", 1, 5)));
    WatchedRow sparse = row(sample("p", "x", statistic("entropy_bits", 1, 4)));

    assertThat(AttentionDifference.of(full, sparse))
        .extracting(AttentionDifference::statistic)
        .containsExactly("entropy_bits", "entropy_bits");
  }
}
