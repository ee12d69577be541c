package org.ssasuite.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.statistics.AverageOfShares.Samples;

/**
 * Expected ends are numpy 1.26's (quantiles of 4,000,000 and 400,000 replicates, generator 7) and
 * statsmodels' (proportion_confint, method wilson, combined by Zou and Donner's formula).
 */
class AverageOfSharesTest {
  private static Samples answers(int right, int of) {
    double[] values = new double[of];
    Arrays.fill(values, 0, right, 1);
    return samples(values);
  }

  private static Samples samples(double... values) {
    double[] weights = new double[values.length];
    Arrays.fill(weights, 1);
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      documents.add("d" + i);
    }
    return Samples.of(values, weights, documents);
  }

  private static AverageOfShares average(Samples... tasks) {
    return AverageOfShares.of(List.of(tasks), 0.95, 1);
  }

  @Test
  void eachTaskCountsOnceHoweverManySamplesItHas() {
    assertThat(average(answers(1, 10), answers(90, 100)).value()).isCloseTo(0.5, within(1e-15));
  }

  @Test
  void documentsOfEachTaskAreDrawnAnew() {
    AverageOfShares made = average(answers(18, 30), answers(20, 50));
    assertThat(made.interval().method()).isEqualTo(Interval.Method.BOOTSTRAP);
    assertThat(made.interval().low()).isCloseTo(0.39, within(0.006));
    assertThat(made.interval().high()).isCloseTo(0.61, within(0.006));
    assertThat(made.standardError()).hasValueCloseTo(0.05738863400674167, within(1e-12));
  }

  @Test
  void partsOfAnAnswerCountToo() {
    double[] parts = {0, 0.25, 0.5, 0.5, 0.75, 1, 1, 1, 0.25, 0.5};
    double[] twice = Arrays.copyOf(parts, 20);
    System.arraycopy(parts, 0, twice, 10, 10);
    AverageOfShares made = average(samples(twice), answers(12, 22));
    assertThat(made.interval().low()).isCloseTo(0.43181818, within(0.006));
    assertThat(made.interval().high()).isCloseTo(0.68636364, within(0.006));
  }

  @Test
  void ofAnswersThatAreAllRightTheTasksOwnIntervalsAreCombined() {
    AverageOfShares made = average(answers(5, 5), answers(3, 10));
    assertThat(made.interval().method()).isEqualTo(Interval.Method.COMBINED);
    assertThat(made.interval().low()).isCloseTo(0.41245042144357597, within(1e-9));
    assertThat(made.interval().high()).isCloseTo(0.8016109262694273, within(1e-9));
    assertThat(made.fewestDocuments()).isEqualTo(5);
  }

  @Test
  void oneTaskIsNoAverage() {
    assertThatThrownBy(() -> average(answers(1, 2))).isInstanceOf(IllegalArgumentException.class);
  }
}
