package org.ssasuite.trainer.recipe;

/** The number format that a training step computes in; master weights are wider if they can be. */
public enum Precision {
  FP64,
  FP32,
  /** bfloat16 with float32 master weights and optimiser state. */
  BF16
}
