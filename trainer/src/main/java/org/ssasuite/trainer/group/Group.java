package org.ssasuite.trainer.group;

import org.bytedeco.pytorch.Tensor;

/** The processes that train a model together, as one of them sees them. Calls are made by all. */
public interface Group extends AutoCloseable {
  /** Which one this is, from 0; 0 writes. */
  int rank();

  /** How many there are. */
  int size();

  /** Each number's sum over the ranks, in their order. */
  double[] sum(double... mine);

  /**
   * Replaces a tensor by its sum over the ranks.
   *
   * @param flat [elements], contiguous; the same shape everywhere
   */
  void add(Tensor flat);

  /** Says that all has been done, when it has; whoever ends without is missed by the others. */
  void finish();

  @Override
  void close();

  /** One process by itself. */
  static Group alone() {
    return new Alone();
  }

  /** Whether this one writes. */
  default boolean writes() {
    return rank() == 0;
  }
}
