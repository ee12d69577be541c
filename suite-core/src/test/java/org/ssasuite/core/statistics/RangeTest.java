package org.ssasuite.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.core.testing.Property;

class RangeTest {
  private static final long SEED = 3;

  @Test
  void sharesOfRightAnswersGetTheWilsonIntervalOfScipy() {
    for (JsonNode vector : Golden.vectors("wilson.jsonl", "share")) {
      int of = vector.get("of").intValue();
      Interval interval =
          share(firstRight(of, vector.get("right").intValue()), vector.get("level").doubleValue());
      assertThat(interval.method()).isEqualTo(Interval.Method.WILSON);
      assertThat(interval.low()).isCloseTo(vector.get("low").doubleValue(), within(1e-9));
      assertThat(interval.high()).isCloseTo(vector.get("high").doubleValue(), within(1e-9));
    }
  }

  @Test
  void answersOfDifferentWeightCountAsTheirEffectiveNumber() {
    for (JsonNode vector : Golden.vectors("wilson.jsonl", "effective")) {
      int documents = vector.get("documents").intValue();
      double[] values =
          IntStream.range(0, documents).mapToDouble(i -> i % 3 == 2 ? 0 : 1).toArray();
      double[] weights = IntStream.range(0, documents).mapToDouble(i -> 1 + i % 3).toArray();
      Interval interval =
          Range.SHARE.estimate(values, weights, names(documents), 0.95, SEED).interval();
      assertThat(interval.low()).isCloseTo(vector.get("low").doubleValue(), within(1e-9));
      assertThat(interval.high()).isCloseTo(vector.get("high").doubleValue(), within(1e-9));
    }
  }

  @Test
  void allRightEndsAtOneAndNoneRightAtZero() {
    assertThat(share(firstRight(60, 60), 0.95).high()).isEqualTo(1);
    assertThat(share(firstRight(60, 0), 0.95).low()).isEqualTo(0);
  }

  @Test
  void aShareThatAllDocumentsHaveGetsAWidth() {
    double[] half = new double[40];
    Arrays.fill(half, 0.5);
    Interval interval = share(half, 0.95);
    assertThat(interval.low()).isBetween(0.3, 0.4);
    assertThat(interval.high()).isBetween(0.6, 0.7);
  }

  @Test
  void sharesOfPartsAreBootstrappedAsEver() {
    double[] parts = new Random(5).doubles(40).toArray();
    assertThat(share(parts, 0.95)).isEqualTo(free(parts));
  }

  @Test
  void noShareLeavesZeroToOneAndEachHoldsItsEstimate() {
    Function<Random, double[]> values =
        random ->
            random
                .ints(2 + random.nextInt(25), 0, 1 + random.nextInt(4))
                .mapToDouble(i -> i / 3.0)
                .toArray();
    Property.forAll(
        values,
        300,
        shares -> {
          RatioEstimate estimate =
              Range.SHARE.estimate(shares, ones(shares), names(shares.length), 0.95, SEED);
          assertThat(estimate.interval().low()).isBetween(0.0, estimate.ratio());
          assertThat(estimate.interval().high()).isBetween(estimate.ratio(), 1.0);
        });
  }

  @Test
  void aLossHasNoIntervalBelowZero() {
    double[] losses = {0.1, 5};
    assertThat(free(losses).low()).isNegative();
    Interval interval =
        Range.NOT_NEGATIVE.estimate(losses, ones(losses), names(2), 0.95, SEED).interval();
    assertThat(interval.low()).isZero();
    assertThat(interval.high()).isEqualTo(free(losses).high());
  }

  @Test
  void onlyWhatIsKnownToBeALossOrAShareHasARange() {
    assertThat(new MetricRule("acc", Transform.PERCENT, Better.HIGHER).range())
        .isEqualTo(Range.SHARE);
    assertThat(new MetricRule("word_perplexity", Transform.EXP, Better.LOWER).range())
        .isEqualTo(Range.NOT_NEGATIVE);
    assertThat(new MetricRule("token_nats", Transform.IDENTITY, Better.LOWER).range())
        .isEqualTo(Range.NOT_NEGATIVE);
    assertThat(new MetricRule("a_difference", Transform.BITS, Better.LOWER).range())
        .isEqualTo(Range.LINE);
  }

  @Test
  void aSingleDocumentStillSaysNothing() {
    assertThat(share(firstRight(1, 1), 0.95).method()).isEqualTo(Interval.Method.NONE);
  }

  @Test
  void aDifferenceOfSharesStaysWithinOneEachWay() {
    Interval wide = new Interval(-5.85, 6.86, 0.95, Interval.Method.STUDENT_T);
    assertThat(Range.SHARE.ofDifference(wide, 0.5))
        .isEqualTo(new Interval(-1, 1, 0.95, Interval.Method.STUDENT_T));
    assertThat(Range.NOT_NEGATIVE.ofDifference(wide, 0.5)).isEqualTo(wide);
  }

  @Test
  void aShareAboveOneIsRefused() {
    assertThatThrownBy(() -> Wilson.interval(1.5, 3, 0.95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a share of 1.5 among 3.0");
  }

  private static Interval share(double[] values, double level) {
    return Range.SHARE.estimate(values, ones(values), names(values.length), level, SEED).interval();
  }

  private static Interval free(double[] values) {
    return Ratios.estimate(values, ones(values), names(values.length), 0.95, SEED).interval();
  }

  private static double[] firstRight(int of, int right) {
    return IntStream.range(0, of).mapToDouble(i -> i < right ? 1 : 0).toArray();
  }

  private static double[] ones(double[] values) {
    double[] ones = new double[values.length];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }
}
