package org.ssasuite.leaderboards.run;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.statistics.BlockBudget;

/**
 * The modes of suite budget: full attention, and at each budget the model's own selection with the
 * controls beside it.
 *
 * @param budgets as 16x16; {@code full}, which is always there, may stand among them
 * @param rules names of modes that take a budget
 */
record BudgetGrid(List<String> budgets, List<String> rules) {
  private static final String FULL = "full";

  /** Block size × block count: the paper's block size at seven counts, and two others. */
  static final List<String> STANDARD =
      List.of("16x4", "16x8", "16x16", "16x32", "16x64", "16x128", FULL, "32x32", "64x16");

  /** The receptive fields of the paper's tables 1 and A10 to A12. */
  static final List<String> OF_PAPER =
      List.of("16x16", "16x32", "16x64", "16x128", "16x256", "32x32", FULL);

  static final List<String> WITH_CONTROLS = List.of("sparse", "window", "random", "best");
  static final List<String> SELECTION = List.of("sparse");

  BudgetGrid {
    budgets = List.copyOf(budgets);
    rules = List.copyOf(rules);
    Set<String> seen = new LinkedHashSet<>();
    for (String budget : budgets) {
      String form = budget.equals(FULL) ? FULL : BlockBudget.parse(budget).text();
      if (!seen.add(form)) {
        throw new BadInputException("--budgets", "has " + form + " twice");
      }
    }
    if (seen.isEmpty() || seen.equals(Set.of(FULL))) {
      throw new BadInputException("--budgets", "has no block budget, as 16x16");
    }
  }

  /** Text forms, full attention first, then budget by budget. */
  List<String> modes() {
    List<String> modes = new ArrayList<>(List.of(FULL));
    for (String budget : budgets) {
      if (!budget.equals(FULL)) {
        String form = BlockBudget.parse(budget).text();
        rules.forEach(rule -> modes.add(rule + ":" + form));
      }
    }
    return modes;
  }
}
