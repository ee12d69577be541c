package org.ssasuite.runtime.operator;

import java.util.Objects;

/**
 * What the attention operator gives where masses on stretches of keys are asked for. The arrays are
 * not copied and must not be changed.
 *
 * @param attention what it gives anyway
 * @param masses [R, HQ, 2] mass, and the part of it on keys that the mode attends to: a row per
 *     sequence, query of its range and stretch of it
 */
// Arrays on purpose, as those of the operator's other outputs.
@SuppressWarnings("ArrayRecordComponent")
public record AttentionSpansOutputs(AttentionOutputs attention, double[] masses) {
  public AttentionSpansOutputs {
    Objects.requireNonNull(attention);
    Objects.requireNonNull(masses);
  }
}
