package org.ssasuite.trainer.recipe;

/** Whether a step gives the same bits each time. */
public enum KernelChoice {
  /** It does: every sum runs in a fixed order. */
  DETERMINISTIC,
  /** The fastest kernels there are, whose sums may run in any order. */
  FAST
}
