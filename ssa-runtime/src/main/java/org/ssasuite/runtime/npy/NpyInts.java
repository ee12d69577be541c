package org.ssasuite.runtime.npy;

import java.nio.ByteBuffer;
import java.util.List;

/** 32-bit integer elements. The array is handed over, not copied. */
public final class NpyInts extends NpyArray {
  private final int[] values;

  /**
   * Takes over the elements.
   *
   * @throws IllegalArgumentException if the shape holds another number of elements
   */
  public NpyInts(List<Integer> shape, int[] values) {
    super("<i4", shape, values.length);
    this.values = values;
  }

  /** The elements in C order. */
  public int[] values() {
    return values;
  }

  @Override
  void put(int from, int to, ByteBuffer buffer) {
    for (int i = from; i < to; i++) {
      buffer.putInt(values[i]);
    }
  }
}
