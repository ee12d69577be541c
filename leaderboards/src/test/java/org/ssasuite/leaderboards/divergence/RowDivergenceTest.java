package org.ssasuite.leaderboards.divergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.leaderboards.divergence.RowDivergence.ListedId;

/** By hand. */
class RowDivergenceTest {
  private static final double TOLERANCE = 1e-6;

  /** Halves, a quarter, two eighths. */
  private static final float[] A = {
    (float) Math.log(0.5), (float) Math.log(0.25), (float) Math.log(0.125), (float) Math.log(0.125)
  };

  private static ListedId listed(int id, double probability) {
    return new ListedId(id, Math.log(probability));
  }

  @Test
  void equalLogitsAreNotApartByABit() {
    RowDivergence row = RowDivergence.ofLogits(A, A.clone(), 2);

    assertThat(row.kl()).isZero();
    assertThat(row.klReverse()).isZero();
    assertThat(row.logprobB()).hasValue(row.logprobA());
    assertThat(row.topTen().orElseThrow()).isCloseTo(1, within(TOLERANCE));
  }

  @Test
  void logitsMayHaveAnyConstantAdded() {
    float[] b = {(float) Math.log(0.25) + 3, (float) Math.log(0.25) + 3, 3 + A[1], 3 + A[1]};

    RowDivergence row = RowDivergence.ofLogits(A, b, 3);

    // Against a uniform B: ln 4 less A's entropy, 1.75 bits.
    assertThat(row.kl()).isCloseTo(0.25 * Math.log(2), within(TOLERANCE));
    assertThat(row.klReverse())
        .isCloseTo(0.25 * (Math.log(0.5) + 0 + 2 * Math.log(2)), within(TOLERANCE));
    assertThat(row.logprobB().orElseThrow()).isCloseTo(-Math.log(4), within(TOLERANCE));
    assertThat(row.sameTop()).isTrue();
  }

  @Test
  void whatIsNotListedIsOneClass() {
    RowDivergence row = RowDivergence.ofList(A, List.of(listed(0, 0.5), listed(1, 0.4)), 1);

    // Classes {0}, {1}, {2, 3}: A 0.5, 0.25, 0.25; B 0.5, 0.4, 0.1.
    double kl = 0.25 * Math.log(0.25 / 0.4) + 0.25 * Math.log(0.25 / 0.1);
    double reverse = 0.4 * Math.log(0.4 / 0.25) + 0.1 * Math.log(0.1 / 0.25);
    assertThat(row.kl()).isCloseTo(kl, within(TOLERANCE));
    assertThat(row.klReverse()).isCloseTo(reverse, within(TOLERANCE));
    assertThat(row.topTen()).isEmpty();
    assertThat(row.logprobB().orElseThrow()).isCloseTo(Math.log(0.4), within(TOLERANCE));
  }

  @Test
  void aListThatLeavesNothingGivesItsLeastProbableIdToTheOthers() {
    RowDivergence row = RowDivergence.ofList(A, List.of(listed(0, 0.6), listed(1, 0.4)), 2);

    // Classes {0}, {1, 2, 3}: A 0.5, 0.5; B 0.6, 0.4.
    assertThat(row.kl())
        .isCloseTo(0.5 * Math.log(0.5 / 0.6) + 0.5 * Math.log(0.5 / 0.4), within(TOLERANCE));
    assertThat(row.logprobB()).isEmpty();
  }

  @Test
  void aListOfOneCertainIdSaysNothing() {
    RowDivergence row = RowDivergence.ofList(A, List.of(listed(3, 1)), 3);

    assertThat(row.kl()).isZero();
    assertThat(row.klReverse()).isZero();
    assertThat(row.sameTop()).isFalse();
  }

  @Test
  void aListIsNeverFurtherApartThanTheIds() {
    float[] b = {0.3f, -1, 2, 0.5f};
    double sum = Math.exp(0.3f) + Math.exp(-1) + Math.exp(2) + Math.exp(0.5f);

    RowDivergence whole = RowDivergence.ofLogits(A, b, 0);
    RowDivergence list =
        RowDivergence.ofList(
            A, List.of(listed(2, Math.exp(2) / sum), listed(3, Math.exp(0.5f) / sum)), 0);

    assertThat(list.kl()).isBetween(0.0, whole.kl());
    assertThat(list.klReverse()).isBetween(0.0, whole.klReverse());
  }
}
