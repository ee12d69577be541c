package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.testing.GpuParameterizedTest;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.oracle.AttentionOracle;
import org.ssasuite.runtime.oracle.TokenLogProbOracle;

/**
 * The operators of the CUDA provider against the fp64 oracles and against the CPU's, on inputs that
 * were rounded to the precision.
 */
class CudaContractTest {
  private static final int LONG_TOKENS = 131_072;
  private static final int LONG_ROWS = 512;

  /** Every case of the CPU's contract that has a shape of the kernels. */
  static Stream<Arguments> cases() {
    List<AttentionCase> all = new ArrayList<>();
    AttentionContractTest.shapes().forEach(all::add);
    AttentionContractTest.budgets().forEach(all::add);
    AttentionContractTest.random().forEach(all::add);
    AttentionContractTest.longInputs().forEach(all::add);
    return all.stream()
        .filter(given -> List.of(32, 64, 128).contains(given.headDim()))
        .flatMap(
            given ->
                Stream.of(Precision.values()).map(precision -> Arguments.of(given, precision)));
  }

  /** Needs no device: a budget of more blocks than there are is none too large. */
  @ParameterizedTest
  @MethodSource("cases")
  void noCaseIsBeyondTheLimits(AttentionCase given, Precision precision) {
    CudaLimits.requireHeads("q: ", given.headDim(), given.groupSize());
    CudaLimits.requireMode(given.mode(), given.tokens());
  }

  @GpuParameterizedTest
  @MethodSource("cases")
  void attentionAgreesWithTheOracle(AttentionCase given, Precision precision) {
    // What rotary leaves is rounded once more, which moves importances: rounded cases go without.
    AttentionCase fed = precision == Precision.FP32 ? given : unrotated(given);
    AttentionInputs inputs = rounded(fed.inputs(), precision);
    AttentionOutputs outputs = run(inputs, cuda(precision));

    AttentionOracle oracle = new AttentionOracle(inputs, epsilon(precision, given));
    assertThat(oracle.explain(outputs.selected())).isEqualTo(Optional.empty());
    Agreement.assertClose(
        outputs.out(),
        oracle.out(outputs.selected()),
        inputs.headDim(),
        tolerance(inputs, precision));
  }

  @GpuParameterizedTest
  @MethodSource("cases")
  void attentionAgreesWithTheCpuWhereBothChooseTheSame(AttentionCase given, Precision precision) {
    AttentionCase fed = precision == Precision.FP32 ? given : unrotated(given);
    AttentionInputs inputs = rounded(fed.inputs(), precision);
    AttentionOutputs outputs = run(inputs, cuda(precision));
    AttentionOutputs cpu = run(inputs, RuntimeOptions.cpu(2));

    int width = outputs.selectedWidth() * inputs.kvHeads();
    int row = inputs.queryHeads() * inputs.headDim();
    double tolerance = 2 * tolerance(inputs, precision);
    int same = 0;
    for (int t = 0; t < inputs.tokens(); t++) {
      boolean alike =
          Arrays.equals(
              outputs.selected(),
              t * width,
              (t + 1) * width,
              cpu.selected(),
              t * width,
              (t + 1) * width);
      same += alike ? 1 : 0;
      for (int i = t * row; alike && i < (t + 1) * row; i++) {
        double bound = tolerance * Math.max(1, Math.abs(cpu.out()[i]));
        assertThat(outputs.out()[i]).isCloseTo(cpu.out()[i], within((float) bound));
      }
    }
    assertThat((double) same / inputs.tokens()).isGreaterThanOrEqualTo(0.98);
  }

  static Stream<AttentionMode> longModes() {
    return Stream.of(
        new Full(),
        new BlockSparse(16, 16, SelectionRule.EXACT),
        new BlockSparse(16, 16, SelectionRule.RELEASED),
        new BlockSparse(16, 16, SelectionRule.WINDOW),
        new BlockSparse(16, 16, SelectionRule.RANDOM),
        new BlockSparse(16, 16, SelectionRule.BEST));
  }

  @GpuParameterizedTest
  @MethodSource("longModes")
  void attentionAgreesWithTheOracleOnRandomRowsOfALongInput(AttentionMode mode) {
    AttentionInputs inputs =
        rounded(
            AttentionCase.of(LONG_TOKENS, mode).heads(1, 2, 64).plain().inputs(), Precision.BF16);
    AttentionOutputs outputs = run(inputs, cuda(Precision.BF16));

    AttentionOracle oracle = new AttentionOracle(inputs, 1e-3);
    int width = inputs.queryHeads() * inputs.headDim();
    int blocks = outputs.selectedWidth();
    float[] actual = new float[LONG_ROWS * width];
    double[] expected = new double[LONG_ROWS * width];
    int[] rows = new Random(42).ints(LONG_ROWS, 0, LONG_TOKENS).toArray();
    for (int i = 0; i < LONG_ROWS; i++) {
      int token = rows[i];
      int[] selected = Arrays.copyOfRange(outputs.selected(), token * blocks, (token + 1) * blocks);
      int[] chosen = Arrays.stream(selected).takeWhile(block -> block != -1).toArray();
      assertThat(oracle.selection().flatMap(o -> o.explain(token, 0, chosen)))
          .isEqualTo(Optional.empty());
      System.arraycopy(outputs.out(), token * width, actual, i * width, width);
      System.arraycopy(oracle.outOf(token, selected), 0, expected, i * width, width);
    }
    Agreement.assertClose(actual, expected, inputs.headDim(), tolerance(inputs, Precision.BF16));
  }

  @GpuParameterizedTest
  @EnumSource(Precision.class)
  void tokenLogProbAgreesWithTheOracle(Precision precision) {
    for (TokenLogProbContractTest.Shape shape :
        List.of(
            new TokenLogProbContractTest.Shape(1, 8, 1, 3),
            new TokenLogProbContractTest.Shape(7, 40, 17, 3),
            new TokenLogProbContractTest.Shape(300, 24, 2_049, 3),
            new TokenLogProbContractTest.Shape(12, 64, 50_257, 3))) {
      TokenLogProbInputs given = shape.inputs();
      TokenLogProbInputs inputs =
          new TokenLogProbInputs(
              given.tokens(),
              given.width(),
              given.vocabulary(),
              rounded(given.hidden(), precision),
              rounded(given.weight(), precision),
              given.targets());
      TokenLogProbOutputs outputs = run(inputs, cuda(precision));

      double[] expected = new TokenLogProbOracle(inputs).logprob();
      for (int t = 0; t < inputs.tokens(); t++) {
        // Logits are summed in fp32 in every precision; the largest are some 15 here.
        assertThat((double) outputs.logprob()[t]).isCloseTo(expected[t], within(2e-5));
      }
    }
  }

  @GpuParameterizedTest
  @EnumSource(Precision.class)
  void tokenDivergenceAgreesWithTheOracle(Precision precision) {
    for (TokenDivergenceContractTest.Shape shape :
        List.of(
            new TokenDivergenceContractTest.Shape(1, 8, 16, 1, 3, 1),
            new TokenDivergenceContractTest.Shape(7, 40, 40, 17, 3, 0.3),
            new TokenDivergenceContractTest.Shape(300, 24, 24, 4_099, 3, 0.3),
            new TokenDivergenceContractTest.Shape(12, 64, 40, 50_257, 3, 1))) {
      TokenDivergenceInputs given = shape.inputs();
      TokenDivergenceInputs inputs =
          new TokenDivergenceInputs(
              given.tokens(),
              given.vocabulary(),
              rounded(given.a(), precision),
              rounded(given.b(), precision),
              given.targets());
      TokenDivergenceOutputs outputs;
      try (OperatorSession session = OperatorSession.open(cuda(precision))) {
        outputs = session.tokenDivergence(inputs);
      }

      TokenDivergenceContractTest.requireAgreement(inputs, outputs);
    }
  }

  private static TokenDivergenceInputs.Side rounded(
      TokenDivergenceInputs.Side side, Precision precision) {
    return new TokenDivergenceInputs.Side(
        side.width(), rounded(side.hidden(), precision), rounded(side.weight(), precision));
  }

  static AttentionCase unrotated(AttentionCase given) {
    return new AttentionCase(
        given.seed(),
        given.mode(),
        given.starts(),
        given.kvHeads(),
        given.groupSize(),
        given.headDim(),
        given.scale(),
        given.gated(),
        false);
  }

  static AttentionInputs rounded(AttentionInputs in, Precision precision) {
    return new AttentionInputs(
        in.tokens(),
        in.queryHeads(),
        in.kvHeads(),
        in.headDim(),
        rounded(in.q(), precision),
        rounded(in.k(), precision),
        rounded(in.v(), precision),
        in.gates().map(gates -> rounded(gates, precision)),
        in.rotary(),
        in.sequenceStarts(),
        in.mode(),
        in.draws());
  }

  private static float[] rounded(float[] values, Precision precision) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = precision.rounded(values[i]);
    }
    return rounded;
  }

  /**
   * Importances are sums of exponentials of fp32 scores, which lose the more the larger they are.
   */
  private static double epsilon(Precision precision, AttentionCase given) {
    return precision == Precision.FP32 ? 1e-5 * Math.max(1, given.scale() * given.scale()) : 1e-3;
  }

  /**
   * In fp32 four times what the CPU's kernels may lose: here the products are sums of parts. Else a
   * rounding of the weights and one of the result, 2^-11 and 2^-8 at most, of values of any size.
   */
  private static double tolerance(AttentionInputs inputs, Precision precision) {
    double fp32 = 4 * Agreement.tolerance(inputs);
    double largest = 0;
    for (float value : inputs.v()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return switch (precision) {
      case FP32 -> fp32;
      case FP16 -> fp32 + 0x1p-10 * largest;
      case BF16 -> fp32 + 0x1p-7 * largest;
    };
  }

  static RuntimeOptions cuda(Precision precision) {
    return new RuntimeOptions(2, Device.CUDA, precision, Isa.AUTO);
  }

  private static AttentionOutputs run(AttentionInputs inputs, RuntimeOptions options) {
    try (OperatorSession session = OperatorSession.open(options)) {
      return session.attention(inputs);
    }
  }

  private static TokenLogProbOutputs run(TokenLogProbInputs inputs, RuntimeOptions options) {
    try (OperatorSession session = OperatorSession.open(options)) {
      return session.tokenLogProb(inputs);
    }
  }
}
