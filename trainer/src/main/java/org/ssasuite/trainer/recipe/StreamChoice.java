package org.ssasuite.trainer.recipe;

/** For how long one draw of SSA's stream holds. */
public enum StreamChoice {
  /** One for all micro-batches of an optimiser step. */
  STEP,
  /** One for each forward pass, as the released code draws. */
  MICRO_BATCH,
  /** One for each layer of each forward pass; the paper saw it diverge. */
  LAYER
}
