package org.ssasuite.leaderboards.report.budget;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.ModeCost;

/**
 * A run of suite budget.
 *
 * @param number of the run in the report, from 1
 * @param rows its results with their samples, in table order
 * @param costs of its models' modes
 */
public record BudgetRun(int number, List<BudgetRow> rows, List<ModeCost> costs) {
  public BudgetRun {
    rows = List.copyOf(rows);
    costs = List.copyOf(costs);
  }

  /** The row of the same model and task in full attention. */
  Optional<BudgetRow> full(BudgetRow row) {
    return beside(row, "full");
  }

  /** The row of the same model and task in another mode. */
  Optional<BudgetRow> beside(BudgetRow row, String mode) {
    return rows.stream()
        .filter(other -> other.mode().equals(mode) && other.contest().equals(row.contest()))
        .findFirst();
  }

  Optional<ModeCost> cost(String model, String mode) {
    return costs.stream()
        .filter(cost -> cost.model().equals(model) && cost.mode().equals(mode))
        .findFirst();
  }

  Optional<ModeCost> cost(ReportedResult result) {
    Objects.requireNonNull(result);
    return cost(result.model(), result.mode());
  }
}
