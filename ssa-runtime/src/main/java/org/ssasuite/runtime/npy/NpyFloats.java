package org.ssasuite.runtime.npy;

import java.nio.ByteBuffer;
import java.util.List;

/** 32-bit floating-point elements. The array is handed over, not copied. */
public final class NpyFloats extends NpyArray {
  private final float[] values;

  /**
   * Takes over the elements.
   *
   * @throws IllegalArgumentException if the shape holds another number of elements
   */
  public NpyFloats(List<Integer> shape, float[] values) {
    super("<f4", shape, values.length);
    this.values = values;
  }

  /** The elements in C order. */
  public float[] values() {
    return values;
  }

  @Override
  void put(int from, int to, ByteBuffer buffer) {
    for (int i = from; i < to; i++) {
      buffer.putFloat(values[i]);
    }
  }
}
