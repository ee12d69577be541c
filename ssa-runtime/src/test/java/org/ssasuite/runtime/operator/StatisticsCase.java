package org.ssasuite.runtime.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.ssasuite.core.attention.Full;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticGroup;
import org.ssasuite.runtime.statistics.StatisticsRequest;

/**
 * Attention whose statistics are asked for.
 *
 * @param ranges of each sequence
 */
record StatisticsCase(AttentionCase attention, StatisticsRequest asked, List<QueryRange> ranges) {
  /** Every query, and everything that has a meaning in the mode. */
  static StatisticsCase of(AttentionCase attention, BlockBudget... budgets) {
    List<QueryRange> ranges = new ArrayList<>();
    for (int s = 1; s < attention.starts().size(); s++) {
      ranges.add(new QueryRange(0, attention.starts().get(s) - attention.starts().get(s - 1)));
    }
    return new StatisticsCase(
        attention,
        attention.mode() instanceof Full
            ? StatisticsRequest.everything(List.of(budgets))
            : StatisticsRequest.sinks(),
        ranges);
  }

  StatisticsCase within(int from, int to) {
    return new StatisticsCase(
        attention,
        asked,
        ranges.stream().map(range -> range.within(new QueryRange(from, to))).toList());
  }

  StatisticsCase groups(StatisticGroup... groups) {
    return new StatisticsCase(
        attention, new StatisticsRequest(Set.of(groups), asked.budgets()), ranges);
  }

  AttentionStatisticsInputs inputs() {
    return new AttentionStatisticsInputs(attention.inputs(), asked, ranges, Optional.empty());
  }

  /** Shapes, budgets and ranges of every kind from one seed. */
  static StatisticsCase random(int seed) {
    Random random = new Random(~seed);
    List<BlockBudget> budgets = new ArrayList<>();
    for (int n = random.nextInt(4); n > 0; n--) {
      int size = List.of(8, 16, 32, 64, 128).get(random.nextInt(5));
      BlockBudget budget = new BlockBudget(size, 1 + random.nextInt(random.nextInt(10) + 1));
      if (!budgets.contains(budget)) {
        budgets.add(budget);
      }
    }
    StatisticsCase all = of(AttentionCase.random(seed), budgets.toArray(BlockBudget[]::new));
    int from = random.nextInt(200);
    return random.nextBoolean() ? all : all.within(from, from + random.nextInt(200));
  }

  @Override
  public String toString() {
    return attention
        + " "
        + asked.groups()
        + " "
        + asked.budgets().stream().map(BlockBudget::text).toList()
        + " "
        + ranges;
  }
}
