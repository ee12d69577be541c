package org.ssasuite.runtime.operator;

/** The checks that the operators' inputs and outputs share; messages name the shape. */
final class Shapes {
  private Shapes() {}

  static void requireAtLeastOne(String name, int size) {
    if (size < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, not " + size);
    }
  }

  /** Fails unless {@code values} is the product of {@code sizes}, which may pass 2^31. */
  static void require(String name, String axes, int values, int... sizes) {
    long product = 1;
    StringBuilder shape = new StringBuilder();
    for (int size : sizes) {
      // At most four sizes below 2^31: capped, so that no product wraps round.
      product = Math.min(product * size, 1L << 32);
      shape.append(shape.length() == 0 ? "" : ", ").append(size);
    }
    if (product != values) {
      throw new IllegalArgumentException(
          name + " " + axes + " = [" + shape + "] cannot have " + values + " values");
    }
  }
}
