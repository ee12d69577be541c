package org.ssasuite.runtime.statistics;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.runtime.checkpoint.ModelConfig;

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

  /**
   * What a run asks, as far as it has a meaning in a mode: in a sparse one the group sinks.
   *
   * @throws BadInputException for a block size that there are no kernels for
   */
  public static StatisticsRequest of(
      StatisticsObservation asked, AttentionMode mode, ModelConfig config) {
    boolean full = mode instanceof Full;
    Set<StatisticGroup> groups =
        Arrays.stream(StatisticGroup.values())
            .filter(group -> asked.groups().contains(PythonText.lower(group.name())))
            .filter(group -> full || group == StatisticGroup.SINKS)
            .collect(Collectors.toSet());
    List<BlockBudget> budgets =
        asked.budgets().isEmpty()
            ? BlockBudget.own(config.budget())
            : asked.budgets().stream().map(BlockBudget::parse).toList();
    return new StatisticsRequest(groups, full ? budgets : List.of());
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
