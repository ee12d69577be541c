package org.ssasuite.runtime.statistics;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.ThreeBranch;

/**
 * Where one head's sums of each statistic stand in what an operator gives: the columns of {@code
 * kernels/observation.h}.
 */
public record StatisticColumns(StatisticsRequest asked, AttentionMode mode) {
  /** Positions whose mass is kept one by one. */
  public static final int FIRST_KEYS = 64;

  /** Counts of first positions. */
  public static final List<Integer> FIRST = List.of(1, 4, 64);

  /** Counts of last positions. */
  public static final List<Integer> LAST = List.of(16, 128, 1_024);

  private static final int GATES = 3;
  private static final int BRANCH = FIRST_KEYS + 9;
  private static final int COMPRESSED = 2;

  public StatisticColumns {
    Objects.requireNonNull(asked);
    Objects.requireNonNull(mode);
    boolean budgeted =
        asked.groups().contains(StatisticGroup.CAPTURE)
            || asked.groups().contains(StatisticGroup.ERROR);
    if (budgeted && !asked.budgets().isEmpty() && !(mode instanceof Full)) {
      throw new IllegalArgumentException(
          "what budgets capture is known in full mode only, not in " + mode.text());
    }
  }

  /** Columns of one head. */
  public int count() {
    return budgets() + asked.budgets().size() * budgetWidth();
  }

  /** Branches that attend to tokens: selected and window of three branches, else the only one. */
  public int branches() {
    return sinks() ? (compressed() ? 2 : 1) : 0;
  }

  /** Whether there is a branch that attends to means of blocks. */
  public boolean compressed() {
    return mode instanceof ThreeBranch;
  }

  boolean sinks() {
    return asked.groups().contains(StatisticGroup.SINKS);
  }

  boolean has(StatisticGroup group) {
    return asked.groups().contains(group);
  }

  /** The gate of a branch: 0 compressed, 1 selected or full, 2 window. */
  public int gate(int branch) {
    return branch;
  }

  /** Mass on one of the first positions. */
  public int keyMass(int branch, int key) {
    return GATES + branch * BRANCH + key;
  }

  /** Share of the first positions in the mass weighted by the values' lengths. */
  public int firstValue(int branch, int which) {
    return keyMass(branch, FIRST_KEYS) + which;
  }

  /** Mass on the last positions. */
  public int last(int branch, int which) {
    return firstValue(branch, FIRST.size()) + which;
  }

  /** Entropy in bits. */
  public int entropyBits(int branch) {
    return last(branch, LAST.size());
  }

  /** Entropy over log2 of the number of attended keys. */
  public int entropyNormalised(int branch) {
    return entropyBits(branch) + 1;
  }

  /** 1 / Σ a². */
  public int effectiveKeys(int branch) {
    return entropyBits(branch) + 2;
  }

  /** Entropy of the compressed branch in bits; behind it, over log2 of the complete blocks. */
  public int compressedEntropyBits() {
    return keyMass(2, 0);
  }

  /** Mass within a budget's exact selection; behind it, within its best blocks. */
  public int captured(int budget) {
    return budgets() + budget * budgetWidth();
  }

  /** What a budget's selection costs; behind it, the bound on it. */
  public int outputError(int budget) {
    return captured(budget) + (has(StatisticGroup.CAPTURE) ? 2 : 0);
  }

  private int budgets() {
    return keyMass(branches(), 0) + (sinks() && compressed() ? COMPRESSED : 0);
  }

  private int budgetWidth() {
    return (has(StatisticGroup.CAPTURE) ? 2 : 0) + (has(StatisticGroup.ERROR) ? 2 : 0);
  }
}
