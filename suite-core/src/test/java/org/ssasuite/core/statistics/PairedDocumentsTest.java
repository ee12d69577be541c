package org.ssasuite.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.statistics.PairedDocuments.Bounds;
import org.ssasuite.core.statistics.PairedDocuments.Pair;
import org.ssasuite.core.testing.Golden;

class PairedDocumentsTest {
  private static final long SEED = 5;
  private static final int REPLICATES = 10_000;

  @Test
  void equalWeightsGiveScipysPairedDifferenceAndError() {
    for (JsonNode vector : Golden.vectors("paired.jsonl", "paired_t")) {
      PairedDocuments paired = unweighted(vector);
      assertThat(paired.difference()).isCloseTo(number(vector, "difference"), within(1e-12));
      assertThat(paired.standardError().orElseThrow())
          .isCloseTo(number(vector, "standard_error"), within(1e-12));
    }
  }

  @Test
  void fewDocumentsGetScipysStudentInterval() {
    for (JsonNode vector : Golden.vectors("paired.jsonl", "paired_t")) {
      PairedDocuments paired = unweighted(vector);
      if (paired.documents() < 20) {
        Interval interval = paired.interval(0.95, SEED);
        double width = number(vector, "high") - number(vector, "low");
        assertThat(interval.method()).isEqualTo(Interval.Method.STUDENT_T);
        // The t quantile is found by bracketing to 1e-9; everything else is rounding.
        assertThat(interval.low()).isCloseTo(number(vector, "low"), within(1e-8 * width));
        assertThat(interval.high()).isCloseTo(number(vector, "high"), within(1e-8 * width));
      }
    }
  }

  @Test
  void weightedDocumentsGiveNumpysRatiosAndLinearisedError() {
    for (JsonNode vector : Golden.vectors("paired.jsonl", "clustered")) {
      PairedDocuments paired = weighted(vector);
      assertThat(paired.ratioA()).isCloseTo(number(vector, "ratio_a"), within(1e-12));
      assertThat(paired.ratioB()).isCloseTo(number(vector, "ratio_b"), within(1e-12));
      assertThat(paired.difference()).isCloseTo(number(vector, "difference"), within(1e-12));
      assertThat(paired.standardError().orElseThrow())
          .isCloseTo(number(vector, "standard_error"), within(1e-12));
    }
  }

  @Test
  void bootstrapPercentilesAreNumpysWithinMonteCarloError() {
    for (JsonNode vector : bootstrapped()) {
      Interval interval = weighted(vector).interval(0.95, SEED);
      assertThat(interval.method()).isEqualTo(Interval.Method.BOOTSTRAP);
      assertThat(interval.low())
          .isCloseTo(number(vector, "low"), error(0.025, number(vector, "density_low"), 1));
      assertThat(interval.high())
          .isCloseTo(number(vector, "high"), error(0.025, number(vector, "density_high"), 1));
    }
  }

  @Test
  void boundsAreTheMoreCautiousOfStudentAndStudentisedBootstrap() {
    for (JsonNode vector : bootstrapped()) {
      // Made for half of it, 0.01, which is what the vectors have.
      Bounds bounds = weighted(vector).bounds(0.02, SEED);
      double difference = number(vector, "difference");
      double scale = number(vector, "standard_error");
      double student = number(vector, "student_quantile");
      double lower = Math.max(student, number(vector, "t_quantile_high"));
      double upper = Math.min(-student, number(vector, "t_quantile_low"));
      assertThat(bounds.lower())
          .isCloseTo(
              difference - lower * scale, error(0.01, number(vector, "t_density_high"), scale));
      assertThat(bounds.upper())
          .isCloseTo(
              difference - upper * scale, error(0.01, number(vector, "t_density_low"), scale));
    }
  }

  /**
   * The p-quantile of B replicates has standard error √(p(1 − p)/B) / density there; five of them
   * leave one false alarm in a million. The reference's own error (B = 400,000), that of its
   * density and the step to the next replicate add a fifth.
   */
  private static Offset<Double> error(double p, double density, double scale) {
    return within(1.2 * 5 * Math.sqrt(p * (1 - p) / REPLICATES) / density * scale);
  }

  @Test
  void linearisedDifferencesAverageToTheDifference() {
    for (JsonNode vector : Golden.vectors("paired.jsonl", "clustered")) {
      PairedDocuments paired = weighted(vector);
      MeanEstimate mean = MeanEstimate.of(paired.linearised());
      assertThat(mean.mean()).isCloseTo(paired.difference(), within(1e-12));
      assertThat(mean.standardError().orElseThrow())
          .isCloseTo(paired.standardError().orElseThrow(), within(1e-12));
    }
  }

  @Test
  void documentsThatAllAgreeLeaveNoDoubt() {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      pairs.add(new Pair("d" + i, 2, 8, 2.5, 8));
    }
    PairedDocuments paired = PairedDocuments.of(pairs);
    assertThat(paired.bounds(0.01, SEED)).isEqualTo(new Bounds(0.5, 0.5));
    assertThat(paired.interval(0.95, SEED).low()).isEqualTo(0.5);
  }

  @Test
  void aSingleDocumentHasNoBounds() {
    PairedDocuments paired =
        PairedDocuments.of(List.of(new Pair("d", 2, 1, 3, 1), new Pair("d", 2, 1, 5, 1)));
    assertThat(paired.standardError()).isEmpty();
    assertThat(paired.interval(0.95, SEED).method()).isEqualTo(Interval.Method.NONE);
    assertThat(paired.bounds(0.01, SEED))
        .isEqualTo(new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
  }

  @Test
  void samplesOfWeightZeroDoNotCount() {
    PairedDocuments paired =
        PairedDocuments.of(List.of(new Pair("a", 2, 1, 3, 1), new Pair("b", 9, 0, 5, 0)));
    assertThat(paired.samples()).isEqualTo(1);
    assertThat(paired.difference()).isEqualTo(1);
    assertThatThrownBy(() -> PairedDocuments.of(List.of(new Pair("b", 9, 0, 5, 0))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<JsonNode> bootstrapped() {
    return Golden.vectors("paired.jsonl", "clustered").stream().filter(v -> v.has("low")).toList();
  }

  private static PairedDocuments unweighted(JsonNode vector) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < vector.get("a").size(); i++) {
      double a = vector.get("a").get(i).doubleValue();
      double b = vector.get("b").get(i).doubleValue();
      pairs.add(new Pair("d" + i, a, 1, b, 1));
    }
    return PairedDocuments.of(pairs);
  }

  private static PairedDocuments weighted(JsonNode vector) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < vector.get("documents").size(); i++) {
      pairs.add(
          new Pair(
              vector.get("documents").get(i).textValue(),
              vector.get("value_a").get(i).doubleValue(),
              vector.get("weight_a").get(i).doubleValue(),
              vector.get("value_b").get(i).doubleValue(),
              vector.get("weight_b").get(i).doubleValue()));
    }
    return PairedDocuments.of(pairs);
  }

  private static double number(JsonNode vector, String name) {
    return vector.get(name).doubleValue();
  }
}
