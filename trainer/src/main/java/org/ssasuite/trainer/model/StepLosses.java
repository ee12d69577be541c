package org.ssasuite.trainer.model;

/**
 * What an optimiser step's pass gave.
 *
 * @param nextToken mean over the step's rated tokens, nats
 * @param alignment mean over layers and micro-batches, before its weight; 0 without a counterpart
 * @param gradientNorm global norm of all gradients, before clipping
 */
public record StepLosses(double nextToken, double alignment, double gradientNorm) {
  /** Whether all of them are numbers. */
  public boolean isFinite() {
    return Double.isFinite(nextToken)
        && Double.isFinite(alignment)
        && Double.isFinite(gradientNorm);
  }
}
