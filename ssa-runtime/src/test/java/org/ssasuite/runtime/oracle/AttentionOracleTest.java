package org.ssasuite.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.operator.AttentionInputs;
import org.ssasuite.runtime.operator.GoldenAttention;

class AttentionOracleTest {
  static List<GoldenAttention> golden() {
    return GoldenAttention.all();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void agreesWithTheReference(GoldenAttention golden) {
    double[] out = new AttentionOracle(golden.inputs()).out();

    assertThat(out).hasSameSizeAs(golden.out());
    for (int i = 0; i < out.length; i++) {
      // The file holds 8 significant digits of fp64 results.
      assertThat(out[i])
          .isCloseTo(golden.out()[i], within(6e-8 * Math.abs(golden.out()[i]) + 1e-12));
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void choosesTheReferencesBlocks(GoldenAttention golden) {
    assertThat(new AttentionOracle(golden.inputs()).selected()).isEqualTo(golden.selected());
  }

  @ParameterizedTest
  @MethodSource("golden")
  void findsTheReferencesChoiceRight(GoldenAttention golden) {
    assertThat(new AttentionOracle(golden.inputs()).explain(golden.selected())).isEmpty();
  }

  @Test
  void compressedBranchIsZeroBeforeTheFirstCompleteBlock() {
    float[] gates = {1, 0, 0, 1, 0, 0};

    double[] out =
        new AttentionOracle(twoTokens(new ThreeBranch(8, 1, 1), Optional.of(gates))).out();

    assertThat(out).containsOnly(0.0);
  }

  @Test
  void windowOfOneIsTheTokensOwnValue() {
    float[] gates = {0, 0, 1, 0, 0, 1};

    double[] out =
        new AttentionOracle(twoTokens(new ThreeBranch(8, 1, 1), Optional.of(gates))).out();

    assertThat(out).containsExactly(5, 6, 7, 8);
  }

  @Test
  void absentGatesAreOne() {
    double[] out = new AttentionOracle(twoTokens(new Full(), Optional.empty())).out();

    assertThat(out).startsWith(5, 6);
  }

  @Test
  void fullModeSelectsNothing() {
    AttentionOracle oracle = new AttentionOracle(twoTokens(new Full(), Optional.empty()));

    assertThat(oracle.selected()).isEmpty();
    assertThat(oracle.explain(new int[0])).isEmpty();
  }

  @Test
  void notANumberStaysInItsSequence() {
    AttentionInputs inputs =
        new AttentionInputs(
            2,
            1,
            1,
            2,
            new float[] {1, 2, 3, 4},
            new float[] {Float.NaN, 1, 1, 1},
            new float[] {5, 6, 7, 8},
            Optional.empty(),
            Optional.empty(),
            new int[] {0, 1, 2},
            new Full());

    assertThat(new AttentionOracle(inputs).out()).containsExactly(Double.NaN, Double.NaN, 7, 8);
  }

  private static AttentionInputs twoTokens(AttentionMode mode, Optional<float[]> gates) {
    return new AttentionInputs(
        2,
        1,
        1,
        2,
        new float[] {1, 2, 3, 4},
        new float[] {1, 1, 1, 1},
        new float[] {5, 6, 7, 8},
        gates,
        Optional.empty(),
        new int[] {0, 2},
        mode);
  }
}
