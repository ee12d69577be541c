package org.ssasuite.runtime.npy;

import java.nio.ByteBuffer;
import java.util.List;

/** 64-bit integer elements. The array is handed over, not copied. */
public final class NpyLongs implements NpyArray {
  private final List<Integer> shape;
  private final long[] values;

  /**
   * Takes over the elements.
   *
   * @throws IllegalArgumentException if the shape holds another number of elements
   */
  public NpyLongs(List<Integer> shape, long[] values) {
    this.shape = NpyArray.shapeOf(shape, values.length);
    this.values = values;
  }

  /** The elements in C order. */
  public long[] values() {
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
    return "<i8";
  }

  @Override
  public void put(int from, int to, ByteBuffer buffer) {
    for (int i = from; i < to; i++) {
      buffer.putLong(values[i]);
    }
  }
}
