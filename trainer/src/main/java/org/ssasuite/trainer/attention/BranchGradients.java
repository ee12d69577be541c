package org.ssasuite.trainer.attention;

import java.util.Objects;
import org.bytedeco.pytorch.Tensor;

/**
 * Gradients of a scalar with respect to a branch's inputs, in the inputs' shapes and element type.
 *
 * @param dq [T, HQ, D]
 * @param dk [T, H, D]
 * @param dv [T, H, D]
 */
public record BranchGradients(Tensor dq, Tensor dk, Tensor dv) {
  public BranchGradients {
    Objects.requireNonNull(dq);
    Objects.requireNonNull(dk);
    Objects.requireNonNull(dv);
  }
}
