package org.ssasuite.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.testing.Golden;

class MeanEstimateTest {
  @Test
  void meanAndErrorAreThoseOfScipy() {
    for (JsonNode vector : Golden.vectors("statistics.jsonl", "mean")) {
      MeanEstimate estimate = MeanEstimate.of(RatiosTest.doubles(vector.get("values")));
      // Only the order of the sums differs.
      assertThat(estimate.mean()).isCloseTo(vector.get("mean").doubleValue(), within(1e-13));
      assertThat(estimate.standardError().orElseThrow())
          .isCloseTo(vector.get("standard_error").doubleValue(), within(1e-13));
    }
  }

  @Test
  void singleValueHasNoError() {
    assertThat(MeanEstimate.of(new double[] {4}).standardError()).isEmpty();
  }

  @Test
  void noValueIsRefused() {
    assertThatThrownBy(() -> MeanEstimate.of(new double[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
