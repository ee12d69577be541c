package org.ssasuite.trainer.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ssasuite.trainer.attention.AttentionBranch;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.attention.BranchForward;
import org.ssasuite.trainer.attention.BranchGradients;
import org.ssasuite.trainer.attention.FormulaAttention;
import org.ssasuite.trainer.engine.Engine;

/**
 * The blocks that kernels selected, call by call, so that the formula in fp64 can go over the same
 * ones: rounding decides near ties, and another block is no error of arithmetic.
 */
final class SelectionRecord {
  private final List<double[]> calls = new ArrayList<>();
  private int next;
  private long entries;
  private long differing;

  /** Kernels whose selections are kept. */
  AttentionKernels of(AttentionKernels kernels) {
    return new AttentionKernels() {
      @Override
      public BranchForward forward(
          AttentionBranch branch, Tensor q, Tensor k, Tensor v, int[] starts) {
        BranchForward forward = kernels.forward(branch, q, k, v, starts);
        forward.selected().ifPresent(s -> calls.add(Engine.doubles(s)));
        return forward;
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
        return kernels.backward(branch, q, k, v, starts, forward, gradient);
      }
    };
  }

  /** The formula over what was kept, in the same order of calls. */
  AttentionKernels replayed(Engine engine) {
    FormulaAttention formula = new FormulaAttention();
    return new AttentionKernels() {
      @Override
      public BranchForward forward(
          AttentionBranch branch, Tensor q, Tensor k, Tensor v, int[] starts) {
        BranchForward own = formula.forward(branch, q, k, v, starts);
        if (!(branch instanceof AttentionBranch.Selected selected)) {
          return own;
        }
        double[] kept = calls.get(next++);
        compare(kept, Engine.doubles(own.selected().orElseThrow()));
        Tensor given =
            engine.numbers(kept, q.size(0), k.size(1), selected.blockCount()).to(ScalarType.Int);
        return formula.forward(selected, q, k, v, starts, given);
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
        return formula.backward(branch, q, k, v, starts, forward, gradient);
      }
    };
  }

  private void compare(double[] kept, double[] exact) {
    entries += kept.length;
    for (int i = 0; i < kept.length; i++) {
      differing += kept[i] == exact[i] ? 0 : 1;
    }
  }

  /** The share of entries that the formula would have selected otherwise. */
  double shareDiffering() {
    return entries == 0 ? 0 : (double) differing / entries;
  }
}
