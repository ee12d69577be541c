package org.ssasuite.trainer.attention;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What a branch gives, and what its backward pass needs.
 *
 * @param out [T, HQ, D], of the element type and on the device of the queries
 * @param logSumExp [T, HQ] fp32: natural logarithm of the sum of e^score; minus infinity for a
 *     token that has no key
 * @param selected [T, H, k] int32, selected branch only: blocks of the token's own sequence,
 *     ascending, then -1
 * @param rest what else the library that computed it wants back
 */
public record BranchForward(
    Tensor out, Tensor logSumExp, Optional<Tensor> selected, List<Tensor> rest) {
  /** What our own kernels give. */
  public BranchForward(Tensor out, Tensor logSumExp, Optional<Tensor> selected) {
    this(out, logSumExp, selected, List.of());
  }

  public BranchForward {
    rest = List.copyOf(rest);
    Objects.requireNonNull(out);
    Objects.requireNonNull(logSumExp);
    Objects.requireNonNull(selected);
  }
}
