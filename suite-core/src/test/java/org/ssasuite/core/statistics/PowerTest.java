package org.ssasuite.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.testing.Golden;

/** Against another implementation of the non-central t distribution. */
class PowerTest {
  @Test
  void smallestDifferenceIsStatsmodels() {
    for (JsonNode vector : Golden.vectors("paired.jsonl", "power")) {
      int documents = vector.get("documents").intValue();
      double smallest =
          Power.smallestDifference(
              1 / Math.sqrt(documents),
              documents,
              vector.get("alpha").doubleValue(),
              vector.get("power").doubleValue());
      assertThat(smallest)
          .isCloseTo(vector.get("effect").doubleValue(), Percentage.withPercentage(1e-3));
    }
  }

  @Test
  void documentsAreStatsmodels() {
    for (JsonNode vector : Golden.vectors("paired.jsonl", "documents")) {
      long documents =
          Power.documents(
                  1,
                  vector.get("effect").doubleValue(),
                  vector.get("alpha").doubleValue(),
                  vector.get("power").doubleValue())
              .orElseThrow();
      double exact = vector.get("documents").doubleValue();
      assertThat(documents).isEqualTo((long) Math.ceil(exact));
    }
  }

  @Test
  void noDistanceNeedsMoreThanThereAre() {
    assertThat(Power.documents(1, 0, 0.01, 0.9)).isEmpty();
  }

  @Test
  void documentsThatAgreeNeedTwo() {
    assertThat(Power.documents(0, 0.01, 0.01, 0.9)).hasValue(2);
  }
}
