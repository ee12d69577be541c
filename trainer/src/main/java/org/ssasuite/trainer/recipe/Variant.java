package org.ssasuite.trainer.recipe;

/** What a run trains: which streams of attention a step runs through. */
public enum Variant {
  /** Full attention. */
  FULL,
  /** The block-sparse stream alone. */
  MOBA,
  /** Compressed blocks, selected blocks and a window, each with its gate. */
  NSA,
  /** The full or the block-sparse stream by chance, aligned with the other one in every layer. */
  SSA
}
