package org.ssasuite.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.testing.Golden;

class RankCorrelationTest {
  private static final long SEED = 3;

  private static double[] numbers(JsonNode list) {
    return IntStream.range(0, list.size()).mapToDouble(i -> list.get(i).doubleValue()).toArray();
  }

  private static RankCorrelation of(JsonNode vector) {
    return of(numbers(vector.get("x")), numbers(vector.get("y")));
  }

  private static RankCorrelation of(double[] x, double[] y) {
    return RankCorrelation.of(x, y, 0.95, SEED).orElseThrow();
  }

  @Test
  void rhoIsScipysWithTiesAndWithout() {
    for (String kind : new String[] {"rank_t", "rank_bootstrap"}) {
      for (JsonNode vector : Golden.vectors("extrapolation.jsonl", kind)) {
        assertThat(of(vector).rho()).isCloseTo(vector.get("rho").doubleValue(), within(1e-12));
      }
    }
  }

  @Test
  void fewPairsGetTheIntervalOfFishersTransform() {
    for (JsonNode vector : Golden.vectors("extrapolation.jsonl", "rank_t")) {
      Interval interval = of(vector).interval();
      assertThat(interval.method()).isEqualTo(Interval.Method.STUDENT_T);
      assertThat(interval.low()).isCloseTo(vector.get("low").doubleValue(), within(1e-7));
      assertThat(interval.high()).isCloseTo(vector.get("high").doubleValue(), within(1e-7));
    }
  }

  @Test
  void manyPairsGetNumpysBootstrapWithinMonteCarloError() {
    for (JsonNode vector : Golden.vectors("extrapolation.jsonl", "rank_bootstrap")) {
      Interval interval = of(vector).interval();
      assertThat(interval.method()).isEqualTo(Interval.Method.BOOTSTRAP);
      assertThat(interval.low())
          .isCloseTo(vector.get("low").doubleValue(), monteCarlo(vector, "density_low"));
      assertThat(interval.high())
          .isCloseTo(vector.get("high").doubleValue(), monteCarlo(vector, "density_high"));
    }
  }

  /** As in {@link RatiosTest}, with the reference's own 100,000 replicates. */
  private static Offset<Double> monteCarlo(JsonNode vector, String density) {
    double error = Math.sqrt(0.025 * 0.975 / 10_000) / vector.get(density).doubleValue();
    return within(5 * 1.05 * error);
  }

  @Test
  void equalValuesShareTheMeanOfTheirRanks() {
    assertThat(RankCorrelation.ranks(new double[] {5, 1, 5, 3, 5})).containsExactly(4, 1, 4, 2, 4);
    assertThat(RankCorrelation.ranks(new double[] {0.0, -0.0, 1})).containsExactly(1.5, 1.5, 3);
  }

  @Test
  void orderThatIsTheSameLeavesRoomBelow() {
    RankCorrelation same = of(new double[] {1, 2, 3, 4, 5}, new double[] {2, 4, 6, 8, 10});

    assertThat(same.rho()).isEqualTo(1);
    assertThat(same.interval().high()).isEqualTo(1);
    assertThat(same.interval().low()).isBetween(-1.0, 0.5);
  }

  @Test
  void oppositeOrderIsMinusOneWithRoomAbove() {
    RankCorrelation opposite = of(new double[] {1, 2, 3, 4, 5}, new double[] {9, 7, 6, 5, 1});

    assertThat(opposite.rho()).isEqualTo(-1);
    assertThat(opposite.interval().low()).isEqualTo(-1);
    assertThat(opposite.interval().high()).isBetween(-0.5, 1.0);
  }

  @Test
  void threePairsSayNothingOfTheirUncertainty() {
    assertThat(of(new double[] {1, 2, 3}, new double[] {1, 3, 2}).interval())
        .isEqualTo(new Interval(-1, 1, 0.95, Interval.Method.NONE));
  }

  @Test
  void whereAllValuesOfASideAreEqualThereIsNone() {
    assertThat(RankCorrelation.of(new double[] {1, 1, 1}, new double[] {1, 2, 3}, 0.95, SEED))
        .isEmpty();
    assertThat(RankCorrelation.of(new double[0], new double[0], 0.95, SEED)).isEmpty();
  }

  @Test
  void sidesOfDifferentLengthsAreRefused() {
    assertThatThrownBy(() -> RankCorrelation.of(new double[1], new double[2], 0.95, SEED))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
