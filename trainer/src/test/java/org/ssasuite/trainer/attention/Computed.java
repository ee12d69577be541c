package org.ssasuite.trainer.attention;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** What the native kernels give for a case, as arrays. */
final class Computed {
  final float[] out;
  final float[] logSumExp;
  final int[] selected;
  final float[] dq;
  final float[] dk;
  final float[] dv;

  private Computed(BranchForward forward, BranchGradients gradients) {
    out = floats(forward.out());
    logSumExp = floats(forward.logSumExp());
    selected = forward.selected().map(Computed::ints).orElse(new int[0]);
    dq = floats(gradients.dq());
    dk = floats(gradients.dk());
    dv = floats(gradients.dv());
  }

  static Computed of(AttentionKernels kernels, Case c) {
    return of(kernels, c, c.q(), c.k());
  }

  @SuppressWarnings("try") // the scope frees what is made within it
  static Computed of(AttentionKernels kernels, Case c, float[] queries, float[] keys) {
    try (PointerScope scope = new PointerScope()) {
      Tensor q = Tensor.create(queries, c.tokens(), c.queryHeads(), c.dim());
      Tensor k = Tensor.create(keys, c.tokens(), c.kvHeads(), c.dim());
      Tensor v = Tensor.create(c.v(), c.tokens(), c.kvHeads(), c.dim());
      Tensor gradient = Tensor.create(c.gradient(), c.tokens(), c.queryHeads(), c.dim());
      BranchForward forward = kernels.forward(c.branch(), q, k, v, c.starts());
      BranchGradients gradients =
          kernels.backward(c.branch(), q, k, v, c.starts(), forward, gradient);
      return new Computed(forward, gradients);
    }
  }

  boolean hasBitsOf(Computed other) {
    return Arrays.equals(out, other.out)
        && Arrays.equals(logSumExp, other.logSumExp)
        && Arrays.equals(selected, other.selected)
        && Arrays.equals(dq, other.dq)
        && Arrays.equals(dk, other.dk)
        && Arrays.equals(dv, other.dv);
  }

  private static float[] floats(Tensor x) {
    float[] values = new float[(int) x.numel()];
    if (values.length > 0) {
      x.data_ptr_float().get(values);
    }
    return values;
  }

  private static int[] ints(Tensor x) {
    int[] values = new int[(int) x.numel()];
    if (values.length > 0) {
      x.data_ptr_int().get(values);
    }
    return values;
  }
}
