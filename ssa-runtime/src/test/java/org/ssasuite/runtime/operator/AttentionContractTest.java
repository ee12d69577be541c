package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.onnx.OperatorFailedException;
import org.ssasuite.runtime.oracle.AttentionOracle;

/**
 * What every attention kernel keeps to. In sparse modes the output is compared with the oracle's
 * over the blocks that the kernel chose, and the choice is judged by itself.
 */
@ParameterizedClass
@EnumSource(value = Isa.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class AttentionContractTest {
  private static final int RANDOM_CASES = 40;

  private final RuntimeOptions options;

  AttentionContractTest(Isa isa) {
    options = new RuntimeOptions(2, Device.CPU, Precision.FP32, isa);
  }

  @BeforeEach
  void processorHasIt() {
    Processor.assumeHas(options.isa());
  }

  static List<GoldenAttention> golden() {
    return GoldenAttention.all();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void agreesWithTheReference(GoldenAttention golden) {
    AttentionOutputs outputs = run(golden.inputs());

    assertThat(outputs.selected()).isEqualTo(golden.selected());
    Agreement.assertClose(
        outputs.out(),
        golden.out(),
        golden.inputs().headDim(),
        Agreement.tolerance(golden.inputs()));
  }

  static Stream<AttentionCase> shapes() {
    List<AttentionCase> shapes = new ArrayList<>();
    for (AttentionMode mode : AttentionCase.modes()) {
      shapes.add(AttentionCase.of(1, mode));
      shapes.add(AttentionCase.of(1, mode).plain());
      shapes.add(AttentionCase.of(7, mode));
      shapes.add(AttentionCase.of(8, mode));
      shapes.add(AttentionCase.of(9, mode));
      shapes.add(AttentionCase.of(100, mode).heads(1, 1, 32));
      shapes.add(AttentionCase.of(100, mode).heads(1, 16, 64));
      shapes.add(AttentionCase.of(100, mode).heads(2, 5, 128));
      shapes.add(AttentionCase.of(100, mode).heads(8, 3, 32));
      shapes.add(AttentionCase.of(131, mode).packed(0, 0, 1, 1, 1, 70, 131, 131));
      shapes.add(
          AttentionCase.of(64, mode)
              .packed(IntStream.range(0, 65).boxed().toArray(Integer[]::new)));
    }
    return shapes.stream();
  }

  static Stream<AttentionCase> budgets() {
    List<AttentionCase> budgets = new ArrayList<>();
    for (int blockSize : List.of(8, 16, 32, 64, 128)) {
      int tokens = 5 * blockSize + 3;
      for (int blockCount : List.of(1, 2, 4, 100_000)) {
        budgets.add(AttentionCase.of(tokens / blockCount + 1, exact(blockSize, blockCount)));
        budgets.add(AttentionCase.of(tokens, exact(blockSize, Math.min(blockCount, 9))));
      }
      for (SelectionRule rule :
          List.of(SelectionRule.WINDOW, SelectionRule.RANDOM, SelectionRule.BEST)) {
        for (int blockCount : List.of(1, 2, 5, 100_000)) {
          int length = blockCount > 5 ? 2 * blockSize + 1 : tokens;
          budgets.add(AttentionCase.of(length, new BlockSparse(blockSize, blockCount, rule)));
        }
      }
      budgets.add(AttentionCase.of(tokens, new ThreeBranch(blockSize, 3, 1)));
      budgets.add(AttentionCase.of(tokens, new ThreeBranch(blockSize, 2, Integer.MAX_VALUE)));
      budgets.add(AttentionCase.of(tokens, released(blockSize, blockSize / 2)));
    }
    // 2.5 stretches of as many blocks as a block has tokens, and one token more.
    budgets.add(AttentionCase.of(161, released(8, 8)));
    budgets.add(AttentionCase.of(641, released(16, 16)));
    return budgets.stream();
  }

  static Stream<AttentionCase> random() {
    return IntStream.range(0, RANDOM_CASES).mapToObj(AttentionCase::random);
  }

  static Stream<AttentionCase> longInputs() {
    return Stream.of(
            new Full(),
            exact(16, 16),
            released(16, 16),
            released(32, 32),
            new BlockSparse(16, 16, SelectionRule.WINDOW),
            new BlockSparse(16, 16, SelectionRule.RANDOM),
            new BlockSparse(16, 16, SelectionRule.BEST),
            new ThreeBranch(16, 16, 128))
        .map(mode -> AttentionCase.of(2_000, mode).heads(1, 2, 32));
  }

  @ParameterizedTest
  @MethodSource({"shapes", "budgets", "random", "longInputs"})
  void agreesWithTheOracle(AttentionCase given) {
    assertAgrees(given.inputs());
  }

  @ParameterizedTest
  @MethodSource("modes")
  void agreesWithTheOracleAtScoresOfSeveralHundred(AttentionMode mode) {
    assertAgrees(AttentionCase.of(100, mode).heads(2, 2, 64).scaled(16).inputs());
  }

  static List<AttentionMode> modes() {
    return AttentionCase.modes();
  }

  static List<AttentionMode> sparseModes() {
    return AttentionCase.modes().stream().filter(mode -> !(mode instanceof Full)).toList();
  }

  @ParameterizedTest
  @MethodSource("sparseModes")
  void equalBlocksGoToTheLowerIndex(AttentionMode mode) {
    AttentionInputs inputs = withRepeatedKeys(AttentionCase.of(200, mode).plain().inputs(), 8);

    assertThat(run(inputs).selected()).isEqualTo(new AttentionOracle(inputs).selected());
    assertAgrees(inputs);
  }

  @ParameterizedTest
  @MethodSource("sparseModes")
  void pairsOfEqualBlocksGoToTheLowerIndex(AttentionMode mode) {
    AttentionInputs inputs = AttentionCase.of(200, mode).plain().inputs();
    int block = 8 * inputs.kvHeads() * inputs.headDim();
    for (int from = 0; from + 2 * block <= inputs.k().length; from += 2 * block) {
      System.arraycopy(inputs.k(), from, inputs.k(), from + block, block);
    }

    assertThat(run(inputs).selected()).isEqualTo(new AttentionOracle(inputs).selected());
  }

  @ParameterizedTest
  @MethodSource("modes")
  void zeroQueriesAttendEvenly(AttentionMode mode) {
    AttentionInputs inputs = AttentionCase.of(100, mode).inputs();
    Arrays.fill(inputs.q(), 0);

    assertAgrees(inputs);
  }

  static Stream<Arguments> spoilt() {
    List<Arguments> cases = new ArrayList<>();
    for (AttentionMode mode : AttentionCase.modes()) {
      for (String input : List.of("q", "k", "v", "gates")) {
        for (float value :
            new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
          cases.add(Arguments.of(mode, input, value));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("spoilt")
  void whatIsNotFiniteSpreadsAsInTheOracle(AttentionMode mode, String input, float value) {
    AttentionInputs inputs = AttentionCase.of(100, mode).packed(0, 75, 100).inputs();
    spoil(inputs, input, 41, value);

    assertAgrees(inputs);
  }

  @ParameterizedTest
  @MethodSource("spoilt")
  void whatIsNotFiniteNeverReachesEarlierTokensOrOtherSequences(
      AttentionMode mode, String input, float value) {
    AttentionCase given = AttentionCase.of(100, mode).packed(0, 75, 100);
    AttentionInputs spoilt = given.inputs();
    spoil(spoilt, input, 41, value);

    float[] clean = run(given.inputs()).out();
    float[] out = run(spoilt).out();

    int row = spoilt.queryHeads() * spoilt.headDim();
    Agreement.assertSameBits(out, 0, clean, 0, 41 * row);
    Agreement.assertSameBits(out, 75 * row, clean, 75 * row, 25 * row);
  }

  /** A choice without it would hide that the model is broken. */
  @ParameterizedTest
  @CsvSource({"EXACT,NaN", "EXACT,Infinity", "BEST,NaN", "BEST,Infinity"})
  void blockWithoutAScoreIsChosen(SelectionRule rule, float value) {
    AttentionMode mode = new BlockSparse(8, 3, rule);
    AttentionInputs inputs = AttentionCase.of(300, mode).heads(1, 2, 32).plain().inputs();
    for (int from = 0; from < inputs.q().length; from += inputs.headDim()) {
      inputs.q()[from] = 1;
    }
    inputs.k()[77 * inputs.headDim()] = value;

    int[] selected = run(inputs).selected();

    for (int token = 80; token < 300; token++) {
      assertThat(Arrays.copyOfRange(selected, 3 * token, 3 * token + 3)).contains(77 / 8);
    }
  }

  static Stream<AttentionCase> headDimensions() {
    return IntStream.rangeClosed(1, 16)
        .boxed()
        .flatMap(
            sixteenths ->
                AttentionCase.modes().stream()
                    .map(mode -> AttentionCase.of(100, mode).heads(2, 2, 16 * sixteenths)));
  }

  @ParameterizedTest
  @MethodSource("headDimensions")
  void everyMultipleOfSixteenIsAHeadDimension(AttentionCase given) {
    assertAgrees(given.inputs());
  }

  @ParameterizedTest
  @MethodSource("modes")
  void keysThatCannotBeAttendedToWeighNothing(AttentionMode mode) {
    // Every query has a positive first value, so that these keys' scores are −∞: more in a row than
    // any tile holds, and not the last ones.
    AttentionInputs inputs = AttentionCase.of(300, mode).heads(1, 2, 32).plain().inputs();
    for (int from = 0; from < inputs.q().length; from += inputs.headDim()) {
      inputs.q()[from] = 1;
    }
    for (int token = 0; token < 200; token++) {
      if (token % 128 >= 8) {
        inputs.k()[token * inputs.headDim()] = Float.NEGATIVE_INFINITY;
      }
    }

    assertAgrees(inputs);
  }

  @Test
  void refusesAnImpossibleHeadDimension() {
    AttentionInputs inputs = AttentionCase.of(3, new Full()).heads(1, 1, 24).inputs();

    assertThatThrownBy(() -> run(inputs))
        .isInstanceOf(OperatorFailedException.class)
        .hasMessageContaining("head dimension 24; multiples of 16");
  }

  private AttentionOutputs run(AttentionInputs inputs) {
    try (OperatorSession session = OperatorSession.open(options)) {
      return session.attention(inputs);
    }
  }

  private void assertAgrees(AttentionInputs inputs) {
    AttentionOutputs outputs = run(inputs);

    AttentionOracle oracle = new AttentionOracle(inputs);
    assertThat(outputs.selectedWidth()).isEqualTo(oracle.selectedWidth());
    assertThat(oracle.explain(outputs.selected())).isEqualTo(Optional.empty());
    Agreement.assertClose(
        outputs.out(),
        oracle.out(outputs.selected()),
        inputs.headDim(),
        Agreement.tolerance(inputs));
  }

  private static void spoil(AttentionInputs inputs, String input, int token, float value) {
    int middleOfHead = inputs.headDim() / 2 + 3;
    switch (input) {
      case "q" -> inputs.q()[token * inputs.queryHeads() * inputs.headDim() + middleOfHead] = value;
      case "k" -> inputs.k()[token * inputs.kvHeads() * inputs.headDim() + middleOfHead] = value;
      case "v" -> inputs.v()[token * inputs.kvHeads() * inputs.headDim() + middleOfHead] = value;
      default -> inputs.gates().orElseThrow()[token * inputs.queryHeads() * 3 + 1] = value;
    }
  }

  /** The first {@code period} tokens' keys again and again. */
  private static AttentionInputs withRepeatedKeys(AttentionInputs inputs, int period) {
    int stretch = period * inputs.kvHeads() * inputs.headDim();
    for (int i = stretch; i < inputs.k().length; i++) {
      inputs.k()[i] = inputs.k()[i - stretch];
    }
    return inputs;
  }

  private static AttentionMode exact(int blockSize, int blockCount) {
    return new BlockSparse(blockSize, blockCount, SelectionRule.EXACT);
  }

  private static AttentionMode released(int blockSize, int blockCount) {
    return new BlockSparse(blockSize, blockCount, SelectionRule.RELEASED);
  }
}
