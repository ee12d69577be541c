package org.ssasuite.core.request;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the attention of an answer goes: means over the queries whose next token is rated or
 * written.
 *
 * @param groups what is looked at: some of {@link #GROUPS}, in this order
 * @param budgets block size × block count, as {@code 16x16}, that full attention is held against;
 *     none: the model's own
 * @param prompt whether the means are over the queries before those instead
 */
public record StatisticsObservation(List<String> groups, List<String> budgets, boolean prompt)
    implements Observation<AttentionStatistics> {
  /** What can be looked at. */
  public static final List<String> GROUPS = List.of("sinks", "capture", "error");

  private static final Pattern BUDGET = Pattern.compile("[1-9][0-9]{0,8}x[1-9][0-9]{0,8}");

  public StatisticsObservation {
    groups = List.copyOf(groups);
    budgets = List.copyOf(budgets);
    if (groups.isEmpty() || !groups.equals(GROUPS.stream().filter(groups::contains).toList())) {
      throw new IllegalArgumentException("groups " + groups + ", not some of " + GROUPS);
    }
    if (new HashSet<>(budgets).size() < budgets.size()
        || !budgets.stream().allMatch(budget -> BUDGET.matcher(budget).matches())) {
      throw new IllegalArgumentException("budgets " + budgets + ", not each once and as 16x16");
    }
  }

  /** What is asked as text. */
  @Override
  public String name() {
    String what = "statistics:" + String.join(",", groups);
    String held = budgets.isEmpty() ? "" : ":" + String.join(",", budgets);
    return what + held + (prompt ? ":prompt" : "");
  }

  @Override
  public List<List<Integer>> arguments() {
    return List.of();
  }

  @Override
  public Class<AttentionStatistics> observed() {
    return AttentionStatistics.class;
  }

  @Override
  public boolean optional() {
    return false;
  }
}
