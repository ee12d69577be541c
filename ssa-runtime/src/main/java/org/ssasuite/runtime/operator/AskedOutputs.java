package org.ssasuite.runtime.operator;

import java.util.Objects;

/**
 * What the attention operator gives where it is asked for more than its answer. The arrays are not
 * copied and must not be changed.
 *
 * @param attention what it gives anyway
 * @param figures what was asked for, as {@code ops/asked.h} has it
 */
// Arrays on purpose, as those of the operator's other outputs.
@SuppressWarnings("ArrayRecordComponent")
public record AskedOutputs(AttentionOutputs attention, double[] figures) {
  public AskedOutputs {
    Objects.requireNonNull(attention);
    Objects.requireNonNull(figures);
  }
}
