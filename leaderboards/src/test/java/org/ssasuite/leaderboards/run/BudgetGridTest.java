package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.leaderboards.task.TaskModules;

class BudgetGridTest {
  private static BudgetGrid of(String budgets) {
    return new BudgetGrid(List.of(budgets.split(",", -1)), BudgetGrid.WITH_CONTROLS);
  }

  @Test
  void fullComesFirstThenEachBudgetWithItsControls() {
    assertThat(of("16x4,full,032x2").modes())
        .containsExactly(
            "full",
            "sparse:16x4",
            "window:16x4",
            "random:16x4",
            "best:16x4",
            "sparse:32x2",
            "window:32x2",
            "random:32x2",
            "best:32x2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "16x4,16x4", "16x4,016x4", "12x4", "16", "sparse:16x4", ""})
  void whatIsNoGridIsRefused(String budgets) {
    assertThatThrownBy(() -> of(budgets)).isInstanceOf(BadInputException.class);
  }

  @Test
  void standardGridHasSevenPointsOfOneBlockSize() {
    assertThat(new BudgetGrid(BudgetGrid.STANDARD, BudgetGrid.SELECTION).modes())
        .containsExactly(
            "full",
            "sparse:16x4",
            "sparse:16x8",
            "sparse:16x16",
            "sparse:16x32",
            "sparse:16x64",
            "sparse:16x128",
            "sparse:32x32",
            "sparse:64x16");
  }

  @Test
  void presetsNameTasksThatThereAre() {
    for (Preset preset : Preset.values()) {
      for (TaskOrder order : preset.tasks()) {
        assertThat(TaskModules.catalogue().offer(order).name()).isEqualTo(order.task());
      }
    }
  }

  @Test
  void presetOfThePaperHasItsBudgets() {
    assertThat(Preset.SSA_BUDGET.grid().orElseThrow().modes())
        .containsExactly(
            "full",
            "sparse:16x16",
            "sparse:16x32",
            "sparse:16x64",
            "sparse:16x128",
            "sparse:16x256",
            "sparse:32x32");
  }

  @Test
  void presetOfThePaperAsksChoicesWithFiveSeeds() {
    assertThat(Preset.SSA_BUDGET.tasks())
        .filteredOn(order -> order.task().equals("arc_challenge"))
        .extracting(order -> order.seed().getAsLong())
        .containsExactly(1L, 12L, 123L, 1234L, 12345L);
  }
}
