package org.ssasuite.trainer.attention;

import org.bytedeco.pytorch.Tensor;
import org.ssasuite.core.BadInputException;

/**
 * Softmax attention over packed sequences, forward and backward, with scores q·k/sqrt(D). Queries
 * and keys are rotated already. T tokens of all sequences together, HQ query heads, H KV heads of
 * HQ/H query heads each, D head dimension.
 *
 * <p>{@code starts} are the sequences' boundaries within the tokens: ascending from 0 to T, one
 * more than there are sequences; a sequence may be empty. Tensors are contiguous, of one element
 * type and on one device.
 */
public interface AttentionKernels {

  /**
   * The branch's attention, and what its backward pass needs.
   *
   * @param q [T, HQ, D]
   * @param k [T, H, D]
   * @param v [T, H, D]
   * @throws BadInputException for shapes, element types or devices that the kernels do not take
   */
  BranchForward forward(AttentionBranch branch, Tensor q, Tensor k, Tensor v, int[] starts);

  /**
   * The gradients, given what {@link #forward} gave for the same arguments.
   *
   * @param gradient [T, HQ, D] of {@code forward.out()}
   * @throws BadInputException for shapes, element types or devices that the kernels do not take
   */
  BranchGradients backward(
      AttentionBranch branch,
      Tensor q,
      Tensor k,
      Tensor v,
      int[] starts,
      BranchForward forward,
      Tensor gradient);
}
