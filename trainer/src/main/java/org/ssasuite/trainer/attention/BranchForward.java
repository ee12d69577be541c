package org.ssasuite.trainer.attention;

import java.util.Objects;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What a branch gives, and what its backward pass needs.
 *
 * @param out [T, HQ, D], fp32 (fp64 of fp64 queries), on the device of the queries. Rounded to bf16
 *     it would spoil the gradients of scores, differences in which it is almost cancelled
 * @param logSumExp [T, HQ] fp32: natural logarithm of the sum of e^score; minus infinity for a
 *     token that has no key
 * @param selected [T, H, k] int32, selected branch only: blocks of the token's own sequence,
 *     ascending, then -1
 */
public record BranchForward(Tensor out, Tensor logSumExp, Optional<Tensor> selected) {
  public BranchForward {
    Objects.requireNonNull(out);
    Objects.requireNonNull(logSumExp);
    Objects.requireNonNull(selected);
  }
}
