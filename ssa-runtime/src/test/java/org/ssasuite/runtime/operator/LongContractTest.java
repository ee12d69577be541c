package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.oracle.AttentionOracle;
import org.ssasuite.runtime.oracle.TokenLogProbOracle;
import org.ssasuite.runtime.random.RandomStreams;

/** The operators over 65,536 tokens, against the oracles on 512 of them, drawn at random. */
class LongContractTest {
  private static final int TOKENS = 65_536;
  private static final int ROWS = 512;
  private static final long SEED = 42;
  private static final RuntimeOptions OPTIONS = RuntimeOptions.cpu(2);

  static Stream<AttentionMode> modes() {
    return Stream.of(
        new Full(),
        new BlockSparse(16, 16, SelectionRule.EXACT),
        new BlockSparse(16, 16, SelectionRule.RELEASED),
        new ThreeBranch(16, 16, 128));
  }

  private static int[] rows() {
    return new Random(SEED).ints(ROWS, 0, TOKENS).sorted().toArray();
  }

  @ParameterizedTest
  @MethodSource("modes")
  void attentionAgreesWithTheOracle(AttentionMode mode) {
    AttentionInputs inputs = AttentionCase.of(TOKENS, mode).heads(1, 2, 32).inputs();
    AttentionOutputs outputs;
    try (OperatorSession session = OperatorSession.open(OPTIONS)) {
      outputs = session.attention(inputs);
    }

    AttentionOracle oracle = new AttentionOracle(inputs);
    int width = inputs.queryHeads() * inputs.headDim();
    int blocks = outputs.selectedWidth();
    float[] actual = new float[ROWS * width];
    double[] expected = new double[ROWS * width];
    int[] rows = rows();
    for (int i = 0; i < ROWS; i++) {
      int[] selected =
          Arrays.copyOfRange(outputs.selected(), rows[i] * blocks, (rows[i] + 1) * blocks);
      int[] chosen = Arrays.stream(selected).takeWhile(block -> block != -1).toArray();
      int token = rows[i];
      assertThat(oracle.selection().flatMap(o -> o.explain(token, 0, chosen)))
          .isEqualTo(Optional.empty());
      System.arraycopy(outputs.out(), token * width, actual, i * width, width);
      System.arraycopy(oracle.outOf(token, selected), 0, expected, i * width, width);
    }
    Agreement.assertClose(actual, expected, inputs.headDim(), Agreement.tolerance(inputs));
  }

  @Test
  void tokenLogProbAgreesWithTheOracle() {
    int width = 48;
    int vocabulary = 2_500;
    RandomStreams streams = new RandomStreams(SEED);
    float[] hidden = streams.named("hidden").normals(TOKENS * width, 1);
    float[] weight = streams.named("weight").normals(vocabulary * width, 0.3);
    int[] targets = new Random(SEED).ints(TOKENS, 0, vocabulary).toArray();
    TokenLogProbOutputs all;
    try (OperatorSession session = OperatorSession.open(OPTIONS)) {
      all =
          session.tokenLogProb(
              new TokenLogProbInputs(TOKENS, width, vocabulary, hidden, weight, targets));
    }

    int[] rows = rows();
    float[] some = new float[ROWS * width];
    int[] someTargets = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      System.arraycopy(hidden, rows[i] * width, some, i * width, width);
      someTargets[i] = targets[rows[i]];
    }
    TokenLogProbOracle oracle =
        new TokenLogProbOracle(
            new TokenLogProbInputs(ROWS, width, vocabulary, some, weight, someTargets));
    double[] expected = oracle.logprob();
    for (int i = 0; i < ROWS; i++) {
      assertThat((double) all.logprob()[rows[i]]).isCloseTo(expected[i], within(1e-5));
    }
  }
}
