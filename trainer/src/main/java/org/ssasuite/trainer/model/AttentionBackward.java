package org.ssasuite.trainer.model;

import org.bytedeco.pytorch.Tensor;
import org.ssasuite.trainer.attention.AttentionBranch;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.attention.BranchForward;
import org.ssasuite.trainer.attention.BranchGradients;

/**
 * One call of a branch's backward pass.
 *
 * @param q [T, HQ, D], turned
 * @param k [T, H, D], turned
 * @param v [T, H, D]
 * @param starts boundaries of the sequences
 * @param gradient [T, HQ, D] of the branch's output
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to the kernels as it is
public record AttentionBackward(
    AttentionBranch branch,
    Tensor q,
    Tensor k,
    Tensor v,
    int[] starts,
    BranchForward forward,
    Tensor gradient) {
  BranchGradients run(AttentionKernels kernels) {
    return with(kernels, gradient);
  }

  /** The gradients of queries, keys and values that another gradient of the output would give. */
  public BranchGradients with(AttentionKernels kernels, Tensor other) {
    return kernels.backward(branch, q, k, v, starts, forward, other);
  }
}
