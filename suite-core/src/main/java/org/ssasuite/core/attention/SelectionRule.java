package org.ssasuite.core.attention;

/** Which blocks before its own one a query token attends to. */
public enum SelectionRule {
  /** The most important blocks by their mean keys, ties to the lower index. */
  EXACT("sparse"),
  /**
   * What the released Triton kernels choose: a streaming sort whose merge keeps the best half of
   * what it has and the best half of the next {@code blockSize} blocks, so that the query's own
   * stretch of blocks gets half of the budget.
   */
  RELEASED("released"),
  /**
   * The sequence's first block and the most recent ones, whatever they hold; a budget of one block
   * is the own block alone. Source: StreamingLLM, arXiv:2309.17453.
   */
  WINDOW("window"),
  /** Blocks drawn without replacement, by {@link RandomBlocks}. */
  RANDOM("random"),
  /**
   * The blocks with the largest sum, over the heads that share the keys, of full attention's mass,
   * ties to the lower index: what no selection can know without looking at every key.
   */
  BEST("best");

  private final String modeName;

  SelectionRule(String modeName) {
    this.modeName = modeName;
  }

  /** How a mode's text form begins. */
  String modeName() {
    return modeName;
  }

  /** Whether a choice by it says what a choice by importance is worth: it looks at no mean key. */
  public boolean isControl() {
    return this == WINDOW || this == RANDOM || this == BEST;
  }
}
