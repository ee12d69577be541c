package org.ssasuite.runtime.statistics;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which statistics are made.
 *
 * @param budgets what {@link StatisticGroup#CAPTURE} and {@link StatisticGroup#ERROR} are about; at
 *     most {@link #MOST_BUDGETS}
 */
public record StatisticsRequest(Set<StatisticGroup> groups, List<BlockBudget> budgets) {
  /** More than this in one pass would hold too many means of blocks in memory. */
  public static final int MOST_BUDGETS = 16;

  public StatisticsRequest {
    groups = Set.copyOf(groups);
    budgets = List.copyOf(budgets);
    if (budgets.size() > MOST_BUDGETS || new HashSet<>(budgets).size() < budgets.size()) {
      throw new IllegalArgumentException(
          budgets.size() + " budgets; at most " + MOST_BUDGETS + ", each once");
    }
  }

  /** Everything that has a meaning in a sparse mode. */
  public static StatisticsRequest sinks() {
    return new StatisticsRequest(Set.of(StatisticGroup.SINKS), List.of());
  }

  /** Everything that has a meaning in full mode. */
  public static StatisticsRequest everything(List<BlockBudget> budgets) {
    return new StatisticsRequest(Set.of(StatisticGroup.values()), budgets);
  }

  /** As the operators read it: the groups' codes together, then the budgets' sizes and counts. */
  public long[] code() {
    long[] code = new long[1 + 2 * budgets.size()];
    groups.forEach(group -> code[0] += group.code());
    for (int i = 0; i < budgets.size(); i++) {
      code[1 + 2 * i] = budgets.get(i).blockSize();
      code[2 + 2 * i] = budgets.get(i).blockCount();
    }
    return code;
  }
}
