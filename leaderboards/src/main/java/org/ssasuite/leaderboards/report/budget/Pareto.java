package org.ssasuite.leaderboards.report.budget;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Which modes are worth their price: no other mode of the same model has a value as good at a price
 * as low, and one of the two better. By the point estimates; a mode without a price is left out.
 */
final class Pareto {
  private final List<BudgetRow> rows;
  private final Function<BudgetRow, OptionalDouble> price;

  Pareto(List<BudgetRow> rows, Function<BudgetRow, OptionalDouble> price) {
    this.rows = List.copyOf(rows);
    this.price = price;
  }

  boolean holds(BudgetRow row) {
    OptionalDouble own = price.apply(row);
    return own.isPresent() && rows.stream().noneMatch(other -> dominates(other, row, own));
  }

  private boolean dominates(BudgetRow other, BudgetRow row, OptionalDouble own) {
    OptionalDouble others = price.apply(other);
    return others.isPresent()
        && !row.beats(other)
        && others.getAsDouble() <= own.getAsDouble()
        && (other.beats(row) || others.getAsDouble() < own.getAsDouble());
  }
}
