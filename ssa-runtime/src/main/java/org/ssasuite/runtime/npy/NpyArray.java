package org.ssasuite.runtime.npy;

import java.nio.ByteBuffer;
import java.util.List;

/** The content of a {@code .npy} file: a shape and its elements in C order. */
public sealed interface NpyArray permits NpyFloats, NpyInts, NpyLongs {
  /** Lengths of the axes, outermost first; empty for a single number. */
  List<Integer> shape();

  /** Number of elements. */
  int size();

  /** The element type as NumPy writes it, as {@code <f4}. */
  String descr();

  /** Puts elements {@code from} (included) to {@code to} into a little-endian buffer. */
  void put(int from, int to, ByteBuffer buffer);

  /**
   * Checks a shape against the number of elements.
   *
   * @throws IllegalArgumentException if they disagree
   */
  static List<Integer> shapeOf(List<Integer> shape, int elements) {
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
