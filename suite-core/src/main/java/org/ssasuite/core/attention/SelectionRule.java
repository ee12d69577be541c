package org.ssasuite.core.attention;

/** Which of the candidate blocks are chosen once their importance is known. */
public enum SelectionRule {
  /** The most important blocks, ties to the lower index. */
  EXACT,
  /**
   * What the released Triton kernels choose: a streaming sort whose merge keeps the best half of
   * what it has and the best half of the next {@code blockSize} blocks, so that the query's own
   * stretch of blocks gets half of the budget.
   */
  RELEASED
}
