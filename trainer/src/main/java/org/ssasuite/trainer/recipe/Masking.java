package org.ssasuite.trainer.recipe;

/** Whether tokens attend across the documents of a row. */
public enum Masking {
  /**
   * As the released code runs: the full stream stays within documents; the sparse streams (MoBA's,
   * NSA's and SSA's sparse one) do not, and their blocks are counted from the row's start.
   */
  RELEASED,
  /** Both streams stay within documents, and blocks are counted from a document's start. */
  CONSISTENT,
  /** Neither does. */
  NONE
}
