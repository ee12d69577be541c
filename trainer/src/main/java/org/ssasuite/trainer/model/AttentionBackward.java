package org.ssasuite.trainer.model;

import org.bytedeco.pytorch.Tensor;
import org.ssasuite.trainer.attention.AttentionBranch;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.attention.BranchForward;
import org.ssasuite.trainer.attention.BranchGradients;

/**
 * One call of a branch's backward pass.
 *
 * @param projection its queries, keys and values
 * @param starts boundaries of the sequences
 * @param gradient [T, HQ, D] of the branch's output
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to the kernels as it is
public record AttentionBackward(
    AttentionBranch branch,
    Projection projection,
    int[] starts,
    BranchForward forward,
    Tensor gradient) {
  /** [T, HQ, D], turned. */
  public Tensor q() {
    return projection.q().detach().contiguous();
  }

  /** [T, H, D], turned. */
  public Tensor k() {
    return projection.k().detach().contiguous();
  }

  /** [T, H, D]. */
  public Tensor v() {
    return projection.v().detach().contiguous();
  }

  BranchGradients run(AttentionKernels kernels) {
    return with(kernels, gradient);
  }

  /** The gradients of queries, keys and values that another gradient of the output would give. */
  public BranchGradients with(AttentionKernels kernels, Tensor other) {
    return kernels.backward(branch, q(), k(), v(), starts, forward, other);
  }
}
