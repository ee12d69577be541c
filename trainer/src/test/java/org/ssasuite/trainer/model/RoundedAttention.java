package org.ssasuite.trainer.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.trainer.attention.AttentionBranch;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.attention.BranchForward;
import org.ssasuite.trainer.attention.BranchGradients;
import org.ssasuite.trainer.attention.NativeAttention;

/** The CPU's kernels on numbers rounded to bf16, giving what those of a device give. */
final class RoundedAttention implements AttentionKernels {
  private final NativeAttention kernels = new NativeAttention(Isa.AUTO, 1);

  @Override
  public BranchForward forward(AttentionBranch branch, Tensor q, Tensor k, Tensor v, int[] starts) {
    return kernels.forward(branch, wide(q), wide(k), wide(v), starts);
  }

  @Override
  public BranchGradients backward(
      AttentionBranch branch,
      Tensor q,
      Tensor k,
      Tensor v,
      int[] starts,
      BranchForward forward,
      Tensor gradient) {
    BranchGradients gradients =
        kernels.backward(branch, wide(q), wide(k), wide(v), starts, forward, wide(gradient));
    return new BranchGradients(
        rounded(gradients.dq()), rounded(gradients.dk()), rounded(gradients.dv()));
  }

  private static Tensor wide(Tensor x) {
    return x.to(ScalarType.Float);
  }

  private static Tensor rounded(Tensor x) {
    return x.to(ScalarType.BFloat16);
  }
}
