package org.ssasuite.leaderboards.report.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.ModeCost;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;
import org.ssasuite.leaderboards.compare.SamplePairs;

/** Rows by hand: which are worth their price, and what they are off each other. */
class ParetoTest {
  private static BudgetRow row(String mode, double value, double... losses) {
    MetricResult metric =
        new MetricResult(
            "token_nats",
            Optional.empty(),
            value,
            new Interval(value, value, 0.95, Interval.Method.STUDENT_T),
            2,
            2,
            Better.LOWER,
            Optional.of(Transform.IDENTITY));
    TaskResult result =
        new TaskResult(
            new ModelCard("m", mode, OptionalInt.empty(), Map.of()),
            new TaskId("pg19", "pg19", 1),
            "p",
            "d",
            List.of(metric),
            OptionalDouble.empty(),
            2,
            0,
            0,
            0,
            10,
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.empty(),
            Optional.empty());
    List<SamplePairs.Sample> samples = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      samples.add(
          new SamplePairs.Sample(
              "asked " + i,
              "document " + i,
              Optional.of(new Measure("token_nats", Optional.empty(), losses[i], 1))));
    }
    return new BudgetRow(
        new ReportedResult("run", result, Optional.empty(), false), metric, samples);
  }

  private static final Map<String, Double> PRICES =
      Map.of("full", 10.0, "sparse:16x4", 4.0, "window:16x4", 3.0, "random:16x4", 3.0);

  private static Pareto of(BudgetRow... rows) {
    return new Pareto(
        List.of(rows),
        row ->
            PRICES.containsKey(row.mode())
                ? OptionalDouble.of(PRICES.get(row.mode()))
                : OptionalDouble.empty());
  }

  @Test
  void betterAndDearerIsWorthItsPrice() {
    BudgetRow full = row("full", 3);
    BudgetRow sparse = row("sparse:16x4", 3.1);
    Pareto pareto = of(full, sparse);

    assertThat(pareto.holds(full)).isTrue();
    assertThat(pareto.holds(sparse)).isTrue();
  }

  @Test
  void worseAtTheSamePriceIsNot() {
    BudgetRow window = row("window:16x4", 3.2);
    BudgetRow random = row("random:16x4", 3.9);
    Pareto pareto = of(window, random);

    assertThat(pareto.holds(random)).isFalse();
    assertThat(pareto.holds(window)).isTrue();
  }

  @Test
  void asGoodButDearerIsNot() {
    assertThat(of(row("full", 3), row("sparse:16x4", 3)).holds(row("full", 3))).isFalse();
  }

  @Test
  void equalsAreBothWorthIt() {
    BudgetRow window = row("window:16x4", 3.2);
    BudgetRow random = row("random:16x4", 3.2);

    assertThat(of(window, random).holds(window)).isTrue();
    assertThat(of(window, random).holds(random)).isTrue();
  }

  @Test
  void whatHasNoPriceIsLeftOut() {
    BudgetRow best = row("best:16x4", 1);
    BudgetRow full = row("full", 3);

    assertThat(of(best, full).holds(best)).isFalse();
    assertThat(of(best, full).holds(full)).isTrue();
  }

  @Test
  void differenceIsThatOfTheSamples() {
    PairedDifference difference =
        PairedDifference.of(row("full", 3, 2.5, 3.5), row("sparse:16x4", 3.2, 2.6, 3.8))
            .orElseThrow();

    assertThat(difference.value()).isCloseTo(0.2, within(1e-12));
    assertThat(difference.shown()).isPresent();
  }

  @Test
  void aModeAndItselfAreNothingApart() {
    BudgetRow row = row("sparse:16x4", 3.2, 2.6, 3.8);

    assertThat(PairedDifference.of(row, row).orElseThrow().value()).isZero();
  }

  @Test
  void selectionIsTheTimeBeyondWindow() {
    ModeCost sparse = new ModeCost("m", "sparse:16x4", 64, 9, List.of(0.5, 0.6), List.of(0.1, 0.1));
    ModeCost window = new ModeCost("m", "window:16x4", 64, 9, List.of(0.4, 0.3), List.of(0.1, 0.1));
    BudgetRun run = new BudgetRun(1, List.of(), List.of(sparse, window));

    assertThat(CostSection.selection(run, sparse).getAsDouble()).isCloseTo(200, within(1e-9));
    assertThat(CostSection.selection(run, window)).isEmpty();
  }
}
