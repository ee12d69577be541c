package org.ssasuite.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.ssasuite.runtime.operator.TokenLogProbInputs;

class TokenLogProbOracleTest {
  @Test
  void oneWordIsCertain() {
    assertThat(oracle(new float[] {3}, new float[] {5}, 0).logprob()).containsExactly(0);
  }

  @Test
  void logitsOfZeroAreUniform() {
    assertThat(oracle(new float[] {0}, new float[] {1, 2, 3, 4}, 2).logprob()[0])
        .isCloseTo(-Math.log(4), within(1e-15));
  }

  @Test
  void logOddsAreTheDifferenceOfLogits() {
    double[] logprobs = oracle(new float[] {2}, new float[] {1, 4}, 0).logprobs(0);

    assertThat(logprobs[1] - logprobs[0]).isCloseTo(6, within(1e-14));
    assertThat(Math.exp(logprobs[0]) + Math.exp(logprobs[1])).isCloseTo(1, within(1e-15));
  }

  @Test
  void largeLogitsDoNotOverflow() {
    assertThat(oracle(new float[] {1000}, new float[] {1, 2}, 0).logprob()[0]).isEqualTo(-1000);
  }

  @Test
  void argmaxTiesGoToTheLowerId() {
    assertThat(oracle(new float[] {1}, new float[] {1, 7, 7, 2}, 0).argmax(0)).isEqualTo(1);
  }

  private static TokenLogProbOracle oracle(float[] hidden, float[] weight, int target) {
    return new TokenLogProbOracle(
        new TokenLogProbInputs(1, 1, weight.length, hidden, weight, new int[] {target}));
  }
}
