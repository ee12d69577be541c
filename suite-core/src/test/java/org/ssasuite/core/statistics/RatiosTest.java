package org.ssasuite.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.core.testing.Property;

class RatiosTest {
  private static final long SEED = 3;

  @Test
  void fewDocumentsGetScipysStudentInterval() {
    for (JsonNode vector : Golden.vectors("statistics.jsonl", "t")) {
      RatioEstimate estimate = estimate(vector);
      assertThat(estimate.interval().method()).isEqualTo(Interval.Method.STUDENT_T);
      // The t quantile is found by bracketing to 1e-9; everything else is rounding.
      double low = vector.get("low").doubleValue();
      double high = vector.get("high").doubleValue();
      assertThat(estimate.interval().low()).isCloseTo(low, within(1e-8 * (high - low)));
      assertThat(estimate.interval().high()).isCloseTo(high, within(1e-8 * (high - low)));
    }
  }

  @Test
  void ratioAndLinearisedErrorAreThoseOfNumpy() {
    for (String kind : List.of("t", "bootstrap")) {
      for (JsonNode vector : Golden.vectors("statistics.jsonl", kind)) {
        RatioEstimate estimate = estimate(vector);
        assertThat(estimate.ratio()).isCloseTo(vector.get("ratio").doubleValue(), rounding());
        assertThat(estimate.standardError().orElseThrow())
            .isCloseTo(vector.get("standard_error").doubleValue(), within(1e-12));
      }
    }
  }

  @Test
  void bootstrapAgreesWithScipyWithinMonteCarloError() {
    for (JsonNode vector : Golden.vectors("statistics.jsonl", "bootstrap")) {
      Interval interval = estimate(vector).interval();
      assertThat(interval.method()).isEqualTo(Interval.Method.BOOTSTRAP);
      assertThat(interval.low())
          .isCloseTo(vector.get("low").doubleValue(), monteCarlo(vector, "density_low"));
      assertThat(interval.high())
          .isCloseTo(vector.get("high").doubleValue(), monteCarlo(vector, "density_high"));
    }
  }

  /**
   * The p-quantile of B replicates has standard error √(p(1 − p)/B) / density there; five of them
   * leave one false alarm in a million, and the reference's own error (B = 400,000) adds 1%.
   */
  private static Offset<Double> monteCarlo(JsonNode vector, String density) {
    double error = Math.sqrt(0.025 * 0.975 / 10_000) / vector.get(density).doubleValue();
    return within(5 * 1.02 * error);
  }

  @Test
  void nineteenDocumentsAreTheLastWithoutBootstrap() {
    assertThat(independent(19).interval().method()).isEqualTo(Interval.Method.STUDENT_T);
    assertThat(independent(20).interval().method()).isEqualTo(Interval.Method.BOOTSTRAP);
  }

  @Test
  void oneDocumentHasTheWholeLineAndNoError() {
    RatioEstimate estimate =
        Ratios.estimate(new double[] {1, 3}, new double[] {1, 1}, List.of("a", "a"), 0.95, SEED);
    assertThat(estimate)
        .isEqualTo(
            new RatioEstimate(
                2,
                OptionalDouble.empty(),
                new Interval(
                    Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 0.95, Interval.Method.NONE),
                2,
                1));
  }

  @Test
  void samplesOfWeightZeroAreNotCounted() {
    RatioEstimate estimate =
        Ratios.estimate(
            new double[] {1, 99, 3}, new double[] {1, 0, 1}, List.of("a", "b", "c"), 0.95, SEED);
    assertThat(estimate.samples()).isEqualTo(2);
    assertThat(estimate.documents()).isEqualTo(2);
    assertThat(estimate.ratio()).isEqualTo(2);
  }

  @Test
  void equalArgumentsGiveEqualEstimates() {
    assertThat(independent(40)).isEqualTo(independent(40));
  }

  @Test
  void equalValuesHaveAnIntervalOfNoWidth() {
    Function<Random, Integer> counts = random -> 2 + random.nextInt(60);
    Property.forAll(
        counts,
        20,
        count -> {
          double[] values = new double[count];
          Arrays.fill(values, 0.5);
          double[] weights = IntStream.range(0, count).mapToDouble(i -> 1 + i % 4).toArray();
          Interval interval = Ratios.estimate(values, weights, names(count), 0.95, SEED).interval();
          assertThat(interval.low()).isEqualTo(0.5);
          assertThat(interval.high()).isEqualTo(0.5);
        });
  }

  @Test
  void noPositiveWeightIsRefused() {
    assertThatThrownBy(
            () -> Ratios.estimate(new double[] {1}, new double[] {0}, List.of("a"), 0.95, SEED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positive weight");
  }

  @Test
  void anInfiniteValueIsRefusedWithItsDocument() {
    double[] infinite = {Double.POSITIVE_INFINITY};
    assertThatThrownBy(() -> Ratios.estimate(infinite, new double[] {1}, List.of("a"), 0.95, SEED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a: value Infinity");
  }

  @Test
  void differentLengthsAreRefused() {
    assertThatThrownBy(
            () -> Ratios.estimate(new double[] {1}, new double[] {1}, List.of(), 0.95, SEED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 values, 1 weights, 0 documents");
  }

  @Test
  void quantilesAreThoseOfNumpyToTheLastBit() {
    for (JsonNode vector : Golden.vectors("statistics.jsonl", "quantile")) {
      double probability = vector.get("probability").doubleValue();
      assertThat(Ratios.quantile(doubles(vector.get("values")), probability))
          .isEqualTo(vector.get("quantile").doubleValue());
    }
  }

  @Test
  void twoThousandDocumentsTakeLessThanASecond() {
    double best = Double.POSITIVE_INFINITY;
    for (int attempt = 0; attempt < 3; attempt++) { // other work on the machine is not at issue
      long start = System.nanoTime();
      independent(2_000);
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    assertThat(best).isLessThan(1.0);
  }

  private static RatioEstimate independent(int documents) {
    double[] values = new Random(1).doubles(documents).toArray();
    double[] weights = new double[documents];
    Arrays.fill(weights, 1);
    return Ratios.estimate(values, weights, names(documents), 0.95, SEED);
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private static RatioEstimate estimate(JsonNode vector) {
    List<String> documents = new ArrayList<>();
    vector.get("documents").forEach(name -> documents.add(name.textValue()));
    return Ratios.estimate(
        doubles(vector.get("values")),
        doubles(vector.get("weights")),
        documents,
        vector.get("level").doubleValue(),
        SEED);
  }

  /** Sums are in another order than numpy's. */
  private static Offset<Double> rounding() {
    return within(1e-12);
  }

  static double[] doubles(JsonNode array) {
    return IntStream.range(0, array.size()).mapToDouble(i -> array.get(i).doubleValue()).toArray();
  }
}
