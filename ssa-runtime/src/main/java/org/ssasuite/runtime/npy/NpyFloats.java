package org.ssasuite.runtime.npy;

import java.nio.ByteBuffer;
import java.util.List;

/** 32-bit floating-point elements. The array is handed over, not copied. */
public final class NpyFloats implements NpyArray {
  private final List<Integer> shape;
  private final float[] values;

  /**
   * Takes over the elements.
   *
   * @throws IllegalArgumentException if the shape holds another number of elements
   */
  public NpyFloats(List<Integer> shape, float[] values) {
    this.shape = NpyArray.shapeOf(shape, values.length);
    this.values = values;
  }

  /** The elements in C order. */
  public float[] values() {
    return values;
  }

  @Override
  public List<Integer> shape() {
    return shape;
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public String descr() {
    return "<f4";
  }

  @Override
  public void put(int from, int to, ByteBuffer buffer) {
    for (int i = from; i < to; i++) {
      buffer.putFloat(values[i]);
    }
  }
}
