package org.ssasuite.trainer.recipe;

import java.util.Objects;

/**
 * The loss between the two streams' attention outputs, the mean over layers and elements.
 *
 * @param weight its factor beside the next-token loss
 */
public record Alignment(double weight, Point point, Norm norm, Directions directions) {
  /** What is compared. */
  public enum Point {
    /** Attention outputs, as the paper's Algorithm 1 says. */
    BEFORE_GATE,
    /** Attention outputs times their sigmoid gates, as the released code does. */
    AFTER_GATE
  }

  /** How a difference d counts. */
  public enum Norm {
    /** ½d² where |d| is below 1, else |d| − ½. */
    SMOOTH_L1,
    /** d². */
    L2
  }

  /** Which stream is pulled; the other one gets no gradient of that term. */
  public enum Directions {
    /** Each to the other, two terms of equal weight. */
    BOTH,
    /** The full stream to the sparse one only; the paper saw it diverge. */
    FULL_TO_SPARSE,
    /** The sparse stream to the full one only; the paper saw it diverge. */
    SPARSE_TO_FULL,
    /** No alignment loss, and no second stream to compute. */
    NONE
  }

  public Alignment {
    Limits.notNegative("weight", weight);
    Objects.requireNonNull(point, "point");
    Objects.requireNonNull(norm, "norm");
    Objects.requireNonNull(directions, "directions");
  }
}
