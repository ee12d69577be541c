package org.ssasuite.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.testing.Golden;

class ProportionBoundsTest {
  private static final double ALPHA = 0.025;

  @Test
  void boundsAreClopperAndPearsonsByScipysBetaDistribution() {
    for (JsonNode vector : Golden.vectors("extrapolation.jsonl", "proportion")) {
      double mean = vector.get("mean").doubleValue();
      double count = vector.get("count").doubleValue();

      assertThat(ProportionBounds.lower(mean, count, ALPHA))
          .isCloseTo(vector.get("low").doubleValue(), within(1e-9));
      assertThat(ProportionBounds.upper(mean, count, ALPHA))
          .isCloseTo(vector.get("high").doubleValue(), within(1e-9));
    }
  }

  @Test
  void leastNumberThatSettlesIsThatOfASearchInScipy() {
    for (JsonNode vector : Golden.vectors("extrapolation.jsonl", "settles")) {
      double mean = vector.get("mean").doubleValue();
      double threshold = vector.get("threshold").doubleValue();

      assertThat(
              ProportionBounds.least(
                  n ->
                      ProportionBounds.lower(mean, (double) n, ALPHA) >= threshold
                          || ProportionBounds.upper(mean, (double) n, ALPHA) < threshold))
          .hasValue(vector.get("needed").longValue());
    }
  }

  @Test
  void whatNoNumberSettlesHasNoLeastOne() {
    assertThat(ProportionBounds.least(n -> false)).isEmpty();
  }

  @Test
  void whatOneSampleSettlesNeedsOne() {
    assertThat(ProportionBounds.least(n -> true)).hasValue(1);
  }

  @Test
  void meanBeyondOneIsRefused() {
    assertThatThrownBy(() -> ProportionBounds.lower(1.5, 3, ALPHA))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
