package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;

/** A token's answer has the same bits whatever is computed beside it. */
@ParameterizedClass
@EnumSource(Isa.class)
class AttentionBitIdentityTest {
  // Two long sequences, short ones between them, and an empty one.
  private static final Integer[] BOUNDARIES = {0, 301, 302, 302, 309, 520};

  private final Isa isa;

  AttentionBitIdentityTest(Isa isa) {
    this.isa = isa;
  }

  @BeforeEach
  void processorHasIt() {
    Processor.assumeHas(isa);
  }

  static List<AttentionCase> cases() {
    return Stream.of(
            new Full(),
            new BlockSparse(16, 6, SelectionRule.EXACT),
            new BlockSparse(8, 8, SelectionRule.RELEASED),
            new BlockSparse(16, 6, SelectionRule.WINDOW),
            new BlockSparse(16, 6, SelectionRule.RANDOM),
            new BlockSparse(16, 6, SelectionRule.BEST),
            new ThreeBranch(16, 4, 50))
        .flatMap(
            mode ->
                Stream.of(
                    AttentionCase.of(520, mode).packed(BOUNDARIES),
                    AttentionCase.of(520, mode).packed(BOUNDARIES).heads(1, 5, 64).plain()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void threadsDoNotMatter(AttentionCase given) {
    AttentionOutputs one = run(given.inputs(), 1);
    AttentionOutputs two = run(given.inputs(), 2);

    assertThat(two.selected()).isEqualTo(one.selected());
    Agreement.assertSameBits(two.out(), 0, one.out(), 0, one.out().length);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void packedSequencesAreAsAlone(AttentionCase given) {
    AttentionInputs inputs = given.inputs();
    AttentionOutputs packed = run(inputs, 2);
    for (int s = 0; s + 1 < BOUNDARIES.length; s++) {
      if (BOUNDARIES[s] < BOUNDARIES[s + 1]) {
        assertSame(packed, inputs, BOUNDARIES[s], BOUNDARIES[s + 1]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void laterTokensDoNotMatter(AttentionCase given) {
    AttentionInputs inputs = given.inputs();
    AttentionOutputs whole = run(inputs, 2);
    for (int end : List.of(1, 15, 16, 17, 129, 300)) {
      assertSame(whole, inputs, 0, end);
    }
  }

  /** Runs the tokens from {@code from} to {@code to} − 1 as the only sequence, and compares. */
  private void assertSame(AttentionOutputs whole, AttentionInputs inputs, int from, int to) {
    AttentionOutputs part = run(slice(inputs, from, to), 1);
    int outRow = inputs.queryHeads() * inputs.headDim();
    int selectedRow = inputs.kvHeads() * whole.selectedWidth();
    assertThat(part.selected())
        .isEqualTo(Arrays.copyOfRange(whole.selected(), from * selectedRow, to * selectedRow));
    Agreement.assertSameBits(part.out(), 0, whole.out(), from * outRow, part.out().length);
  }

  private static AttentionInputs slice(AttentionInputs in, int from, int to) {
    return new AttentionInputs(
        to - from,
        in.queryHeads(),
        in.kvHeads(),
        in.headDim(),
        rows(in.q(), in.queryHeads() * in.headDim(), from, to),
        rows(in.k(), in.kvHeads() * in.headDim(), from, to),
        rows(in.v(), in.kvHeads() * in.headDim(), from, to),
        in.gates().map(gates -> rows(gates, in.queryHeads() * 3, from, to)),
        in.rotary()
            .map(
                r ->
                    new Rotary(
                        r.tableRows(),
                        r.cos(),
                        r.sin(),
                        Arrays.copyOfRange(r.positions(), from, to))),
        new int[] {0, to - from},
        in.mode(),
        in.draws().map(draws -> ofSequenceAt(draws, in.sequenceStarts(), from)));
  }

  private static RandomDraws ofSequenceAt(RandomDraws draws, int[] starts, int token) {
    int sequence = 0;
    while (starts[sequence + 1] <= token) {
      sequence++;
    }
    return new RandomDraws(draws.layer(), List.of(draws.documentSeeds().get(sequence)));
  }

  private static float[] rows(float[] values, int row, int from, int to) {
    return Arrays.copyOfRange(values, from * row, to * row);
  }

  private AttentionOutputs run(AttentionInputs inputs, int threads) {
    RuntimeOptions options = new RuntimeOptions(threads, Device.CPU, Precision.FP32, isa);
    try (OperatorSession session = OperatorSession.open(options)) {
      return session.attention(inputs);
    }
  }
}
