package org.ssasuite.runtime.npy;

import java.nio.ByteBuffer;
import java.util.List;

/** 64-bit integer elements. The array is handed over, not copied. */
public final class NpyLongs extends NpyArray {
  private final long[] values;

  /**
   * Takes over the elements.
   *
   * @throws IllegalArgumentException if the shape holds another number of elements
   */
  public NpyLongs(List<Integer> shape, long[] values) {
    super("<i8", shape, values.length);
    this.values = values;
  }

  /** The elements in C order. */
  public long[] values() {
    return values;
  }

  @Override
  void put(int from, int to, ByteBuffer buffer) {
    for (int i = from; i < to; i++) {
      buffer.putLong(values[i]);
    }
  }
}
