package org.ssasuite.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.statistics.PairedDocuments.Pair;
import org.ssasuite.core.testing.Golden;

class PairedTestsTest {
  @Test
  void pairedTIsScipys() {
    for (JsonNode vector : Golden.vectors("paired.jsonl", "paired_t")) {
      List<Pair> pairs = new ArrayList<>();
      for (int i = 0; i < vector.get("a").size(); i++) {
        double a = vector.get("a").get(i).doubleValue();
        pairs.add(new Pair("d" + i, a, 7, vector.get("b").get(i).doubleValue(), 7));
      }
      double p = vector.get("p").doubleValue();
      assertThat(PairedTests.studentT(PairedDocuments.of(pairs)))
          .isCloseTo(p, within(1e-9 + 1e-9 * p));
    }
  }

  @Test
  void mcNemarIsStatsmodels() {
    for (JsonNode vector : Golden.vectors("paired.jsonl", "mcnemar")) {
      assertThat(
              PairedTests.mcNemar(vector.get("only_a").intValue(), vector.get("only_b").intValue()))
          .isCloseTo(vector.get("p").doubleValue(), within(1e-12));
    }
  }

  @Test
  void holmIsStatsmodels() {
    for (JsonNode vector : Golden.vectors("paired.jsonl", "holm")) {
      List<Double> adjusted = PairedTests.holm(numbers(vector.get("p")));
      List<Double> expected = numbers(vector.get("adjusted"));
      assertThat(adjusted).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(adjusted.get(i)).isCloseTo(expected.get(i), within(1e-12));
      }
    }
  }

  @Test
  void withoutADifferenceThereIsNothingToReject() {
    PairedDocuments same =
        PairedDocuments.of(List.of(new Pair("a", 2, 1, 2, 1), new Pair("b", 3, 1, 3, 1)));
    assertThat(PairedTests.studentT(same)).isEqualTo(1);
  }

  @Test
  void aDifferenceThatAllDocumentsShareIsCertain() {
    PairedDocuments shifted =
        PairedDocuments.of(List.of(new Pair("a", 2, 1, 3, 1), new Pair("b", 3, 1, 4, 1)));
    assertThat(PairedTests.studentT(shifted)).isZero();
  }

  @Test
  void aSingleDocumentHasNoTest() {
    PairedDocuments one = PairedDocuments.of(List.of(new Pair("a", 2, 1, 3, 1)));
    assertThatThrownBy(() -> PairedTests.studentT(one))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.doubleValue()));
    return numbers;
  }
}
