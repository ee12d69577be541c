package org.ssasuite.trainer.model;

import org.ssasuite.trainer.attention.AttentionKernels;

/** Looks at the way back through attention, without changing it. */
public interface AttentionWatch {
  /** Sees nothing. */
  AttentionWatch NONE = (layer, call, kernels) -> {};

  /**
   * A branch's output has got its gradient.
   *
   * @param layer from 0
   */
  void seen(int layer, AttentionBackward call, AttentionKernels kernels);
}
