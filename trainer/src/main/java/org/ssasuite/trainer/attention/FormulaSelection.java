package org.ssasuite.trainer.attention;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The exact choice of blocks, by its formula, in fp64: per query head the softmax over the complete
 * blocks of q·k̄/√D, summed over the heads of a KV head; of the blocks before the query's own the
 * most important ones, the lower index first among equals; the own block always.
 */
final class FormulaSelection {
  private FormulaSelection() {}

  /**
   * The chosen blocks.
   *
   * @param q [n, HQ, D]
   * @param k [m, H, D], a sequence from its start on
   * @param t [n, 1], the queries' positions in it
   * @return [n, H, k] int32, block numbers ascending, then −1
   */
  static Tensor choose(AttentionBranch.Selected budget, Tensor q, Tensor k, Tensor t) {
    int size = budget.blockSize();
    Tensor importance = importance(size, q.to(ScalarType.Double), k.to(ScalarType.Double), t);
    long blocks = importance.size(2);
    Tensor own = torch.floor_divide(t, new Scalar(size));
    Tensor block = FormulaAttention.range(0, blocks, k).unsqueeze(0);
    Tensor ranked =
        importance
            .masked_fill(block.gt(own), new Scalar(-1.0))
            .masked_fill(block.eq(own), new Scalar(Double.MAX_VALUE));
    var sorted = torch.sort(ranked, new BoolOptional(true), 2, true);
    long chosen = Math.min(blocks, budget.blockCount());
    Tensor indices = sorted.get1().narrow(2, 0, chosen);
    Tensor absent = sorted.get0().narrow(2, 0, chosen).lt(new Scalar(0.0));
    // Absent ones go behind all blocks, then become −1.
    Tensor ascending = torch.sort(indices.masked_fill(absent, new Scalar(blocks)), 2, false).get0();
    Tensor marked = ascending.masked_fill(ascending.eq(new Scalar(blocks)), new Scalar(-1));
    Tensor full =
        torch
            .zeros(
                new long[] {marked.size(0), marked.size(1), budget.blockCount()}, marked.options())
            .sub(new Scalar(1));
    full.narrow(2, 0, chosen).copy_(marked);
    return full.permute(1, 0, 2).to(ScalarType.Int).contiguous();
  }

  /** [H, n, blocks]; a last incomplete block counts as one, of importance 0. */
  private static Tensor importance(int size, Tensor q, Tensor k, Tensor t) {
    long tokens = k.size(0);
    long blocks = (tokens + size - 1) / size;
    Tensor padded = torch.zeros(new long[] {blocks * size, k.size(1), k.size(2)}, k.options());
    padded.narrow(0, 0, tokens).copy_(k);
    Tensor means =
        padded
            .view(blocks, size, k.size(1), k.size(2))
            .mean(new long[] {1}, false, new ScalarTypeOptional());
    Tensor scores =
        FormulaAttention.grouped(q, k)
            .matmul(FormulaAttention.byHead(means).transpose(2, 3))
            .div(new Scalar(Math.sqrt((double) k.size(2))));
    Tensor ends = FormulaAttention.range(1, blocks + 1, k).unsqueeze(0).mul(new Scalar(size));
    Tensor complete = ends.le(t.add(new Scalar(1)));
    Tensor masked = scores.masked_fill(complete.logical_not(), new Scalar(-1e300));
    return torch.softmax(masked, 3).mul(complete).sum(1);
  }
}
