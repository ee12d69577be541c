package org.ssasuite.runtime.npy;

import java.nio.ByteBuffer;
import java.util.List;

/** The content of a {@code .npy} file: a shape and its elements in C order. */
public abstract sealed class NpyArray permits NpyFloats, NpyInts, NpyLongs {
  private final String descr;
  private final List<Integer> shape;
  private final int size;

  /**
   * An array of a number of elements.
   *
   * @throws IllegalArgumentException if the shape holds another number
   */
  NpyArray(String descr, List<Integer> shape, int size) {
    this.descr = descr;
    this.shape = shapeOf(shape, size);
    this.size = size;
  }

  /** Lengths of the axes, outermost first; empty for a single number. */
  public final List<Integer> shape() {
    return shape;
  }

  /** Number of elements. */
  public final int size() {
    return size;
  }

  /** The element type as NumPy writes it, as {@code <f4}. */
  public final String descr() {
    return descr;
  }

  /** Puts elements {@code from} (included) to {@code to} into a little-endian buffer. */
  abstract void put(int from, int to, ByteBuffer buffer);

  private static List<Integer> shapeOf(List<Integer> shape, int elements) {
    long product = 1;
    for (int axis : shape) {
      if (axis < 0) {
        throw new IllegalArgumentException("shape " + shape + " has a negative axis");
      }
      product = Math.multiplyExact(product, axis);
    }
    if (product != elements) {
      throw new IllegalArgumentException("shape " + shape + " for " + elements + " elements");
    }
    return List.copyOf(shape);
  }
}
