package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.attention.Full;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.StatisticColumns;

/** What holds of captured mass and its error whatever the inputs are. */
@ParameterizedClass
@EnumSource(Isa.class)
class CapturedMassTest {
  private static final double ROUNDING = 1e-6;
  private static final BlockBudget[] BUDGETS = {
    new BlockBudget(16, 3), new BlockBudget(8, 4), new BlockBudget(64, 2)
  };

  private final RuntimeOptions options;

  CapturedMassTest(Isa isa) {
    options = new RuntimeOptions(2, Device.CPU, Precision.FP32, isa);
  }

  @BeforeEach
  void processorHasIt() {
    Processor.assumeHas(options.isa());
  }

  static Stream<StatisticsCase> budgets() {
    return AttentionStatisticsContractTest.budgets();
  }

  @Test
  void valuesOfNothingHaveNeitherShareNorError() {
    AttentionStatisticsInputs inputs =
        StatisticsCase.of(AttentionCase.of(200, new Full()).heads(1, 1, 32), BUDGETS).inputs();
    Arrays.fill(inputs.attention().v(), 0);
    StatisticColumns columns = inputs.columns();
    double[] sums = run(inputs).totals();

    for (int n = 0; n < StatisticColumns.FIRST.size(); n++) {
      assertThat(sums[columns.firstValue(0, n)]).isZero();
    }
    for (int budget = 0; budget < BUDGETS.length; budget++) {
      assertThat(sums[columns.outputError(budget)]).isZero();
      assertThat(sums[columns.outputError(budget) + 1]).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("modelLikeBudgets")
  void theBoundIsNeverBelowTheErrorQueryByQuery(StatisticsCase given) {
    StatisticColumns columns = given.inputs().columns();
    for (int t = 0; t < given.attention().tokens(); t += 7) {
      AttentionStatisticsInputs query = given.within(t, t + 1).inputs();
      double[] sums = run(query).totals();
      double[] exact = new OracleSums(query, new int[0]).sums();
      for (int at = 0; at < sums.length; at += columns.count()) {
        for (int b = 0; b < given.asked().budgets().size(); b++) {
          int error = at + columns.outputError(b);
          assertThat(sums[error]).isLessThanOrEqualTo(sums[error + 1]);
          assertThat(exact[error] * (1 - ROUNDING)).isLessThanOrEqualTo(sums[error + 1]);
        }
      }
    }
  }

  /** At a scale of 6 what is left out weighs next to nothing. */
  static Stream<StatisticsCase> modelLikeBudgets() {
    return Stream.of(0.3, 1.0, 6.0)
        .map(
            scale ->
                StatisticsCase.of(
                    AttentionCase.of(150, new Full()).heads(1, 8, 32).scaled(scale), BUDGETS));
  }

  @ParameterizedTest
  @MethodSource("budgets")
  void theBestBlocksHoldAtLeastWhatTheSelectionHolds(StatisticsCase given) {
    AttentionStatisticsInputs inputs = given.inputs();
    StatisticColumns columns = inputs.columns();
    double[] sums = run(inputs).totals();
    int group = inputs.attention().queryHeads() / inputs.attention().kvHeads();
    for (int b = 0; b < inputs.asked().budgets().size(); b++) {
      for (int at = 0; at < sums.length; at += group * columns.count()) {
        double captured = 0;
        double best = 0;
        for (int g = 0; g < group; g++) {
          captured += sums[at + g * columns.count() + columns.captured(b)];
          best += sums[at + g * columns.count() + columns.captured(b) + 1];
        }
        assertThat(best).isGreaterThanOrEqualTo(captured * (1 - ROUNDING));
      }
    }
  }

  @Test
  void whatTakesEveryBlockCapturesExactlyAllAndCostsNothing() {
    AttentionStatisticsInputs inputs =
        StatisticsCase.of(
                AttentionCase.of(300, new Full()).heads(1, 2, 32), new BlockBudget(16, 19))
            .inputs();
    double[] sums = run(inputs).totals();
    StatisticColumns columns = inputs.columns();

    assertThat(Arrays.copyOfRange(sums, columns.captured(0), columns.captured(0) + 4))
        .containsExactly(300, 300, 0, 0);
  }

  private AttentionStatisticsOutputs run(AttentionStatisticsInputs inputs) {
    try (OperatorSession session = OperatorSession.open(options)) {
      return session.attentionStatistics(inputs);
    }
  }
}
