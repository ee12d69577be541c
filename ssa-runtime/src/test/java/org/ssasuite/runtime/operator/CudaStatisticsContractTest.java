package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.testing.GpuParameterizedTest;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.statistics.BlockBudget;

/**
 * What the CUDA kernels' attention statistics keep to: means over queries against the fp64 oracle,
 * on inputs that were rounded to the precision.
 */
class CudaStatisticsContractTest {
  /** Every case of the CPU's contract that has a shape of the kernels. */
  static Stream<Arguments> cases() {
    return Stream.of(
            AttentionStatisticsContractTest.shapes(),
            AttentionStatisticsContractTest.budgets(),
            AttentionStatisticsContractTest.random(),
            AttentionStatisticsContractTest.longInputs())
        .flatMap(cases -> cases)
        .filter(given -> List.of(32, 64, 128).contains(given.attention().headDim()))
        .flatMap(
            given ->
                Stream.of(Precision.values()).map(precision -> Arguments.of(given, precision)));
  }

  /** Needs no device: a budget of more blocks than there are is none too large. */
  @ParameterizedTest
  @MethodSource("cases")
  void noCaseIsBeyondTheLimits(StatisticsCase given, Precision precision) {
    CudaLimits.requireBudgets(
        CudaContractTest.cuda(precision), given.asked().budgets(), given.attention().tokens());
  }

  @GpuParameterizedTest
  @MethodSource("cases")
  void statisticsAgreeWithTheOracle(StatisticsCase given, Precision precision) {
    AttentionStatisticsInputs inputs = rounded(given, precision);
    AttentionStatisticsOutputs outputs = run(inputs, precision);

    OracleSums expected = new OracleSums(inputs, outputs.attention().selected());
    double relative = precision == Precision.FP32 ? 1e-5 : 1e-2;
    double absolute = precision == Precision.FP32 ? 1e-6 : 1e-3;
    int columns = inputs.columns().count();
    for (int i = 0; i < inputs.sums(); i++) {
      int queries = Math.max(1, expected.queries(i));
      double mean = outputs.totals()[i] / queries;
      double wanted = expected.sums()[i] / queries;
      // Not every time: a description costs more than the comparison.
      if (!(Math.abs(mean - wanted) <= Math.max(absolute, relative * Math.abs(wanted)))) {
        assertThat(mean).describedAs("column %d of %d", i % columns, columns).isEqualTo(wanted);
      }
    }
  }

  @GpuParameterizedTest
  @MethodSource("cases")
  void askingChangesNoBitOfWhatIsComputed(StatisticsCase given, Precision precision) {
    AttentionStatisticsInputs inputs = rounded(given, precision);
    AttentionOutputs asked = run(inputs, precision).attention();

    AttentionOutputs unasked;
    try (OperatorSession session = OperatorSession.open(CudaContractTest.cuda(precision))) {
      unasked = session.attention(inputs.attention());
    }
    assertThat(asked.selected()).isEqualTo(unasked.selected());
    Agreement.assertSameBits(asked.out(), 0, unasked.out(), 0, unasked.out().length);
  }

  static Stream<Arguments> modes() {
    return AttentionStatisticsContractTest.modes().stream()
        .flatMap(mode -> Stream.of(Precision.values()).map(p -> Arguments.of(mode, p)));
  }

  @GpuParameterizedTest
  @MethodSource("modes")
  void sumsThatAreCarriedOnHaveTheBitsOfOneCall(AttentionMode mode, Precision precision) {
    StatisticsCase whole =
        StatisticsCase.of(
            AttentionCase.of(231, mode).heads(2, 4, 64).packed(0, 2, 100, 231),
            new BlockBudget(16, 3),
            new BlockBudget(8, 4));
    assertThat(carriedOn(whole, 61, 231, precision))
        .isEqualTo(run(whole.inputs(), precision).totals());
  }

  /** Without blocks of 8 keys, rows of full attention may be counted as they are answered. */
  @GpuParameterizedTest
  @MethodSource("modes")
  void sumsOfLongRowsThatAreCarriedOnHaveTheBitsOfOneCall(AttentionMode mode, Precision precision) {
    StatisticsCase whole =
        StatisticsCase.of(
            AttentionCase.of(1600, mode).heads(2, 4, 64).packed(0, 2, 100, 1600),
            new BlockBudget(16, 3));
    assertThat(carriedOn(whole, 1343, 1600, precision))
        .isEqualTo(run(whole.inputs(), precision).totals());
  }

  /** The sums of tokens [0, at), to which those of [at, tokens) are added by another call. */
  private static double[] carriedOn(StatisticsCase whole, int at, int tokens, Precision precision) {
    double[] before = run(whole.within(0, at).inputs(), precision).totals();
    AttentionStatisticsInputs rest = whole.within(at, tokens).inputs();
    return run(
            new AttentionStatisticsInputs(
                rest.attention(), rest.asked(), rest.ranges(), Optional.of(before)),
            precision)
        .totals();
  }

  /** What rotary leaves is rounded once more: cases of 16 bits go without. */
  private static AttentionStatisticsInputs rounded(StatisticsCase given, Precision precision) {
    AttentionCase fed =
        precision == Precision.FP32
            ? given.attention()
            : CudaContractTest.unrotated(given.attention());
    return new AttentionStatisticsInputs(
        CudaContractTest.rounded(fed.inputs(), precision),
        given.asked(),
        given.ranges(),
        Optional.empty());
  }

  private static AttentionStatisticsOutputs run(
      AttentionStatisticsInputs inputs, Precision precision) {
    try (OperatorSession session = OperatorSession.open(CudaContractTest.cuda(precision))) {
      return session.attentionStatistics(inputs);
    }
  }
}
