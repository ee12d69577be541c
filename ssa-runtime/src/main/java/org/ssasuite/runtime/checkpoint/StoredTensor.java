package org.ssasuite.runtime.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.engine.Precision;

/** A tensor in a file of weights: where it lies and how to get at it. */
public sealed interface StoredTensor permits SafetensorsTensor, GgufWeight {
  String name();

  /**
   * The number format that its values have when they are read.
   *
   * @throws BadInputException if it is one that cannot be read
   */
  Precision type();

  /**
   * Makes sure that its number format is known.
   *
   * @throws BadInputException if it is one that cannot be read
   */
  default void requireReadable() {
    type();
  }

  /** The number format's name in the file, which may be one that cannot be read. */
  String storedType();

  long[] shape();

  /** Where its values begin in its file, bytes. */
  long offset();

  /** What it takes in its file. */
  long bytes();

  long elements();

  /**
   * The values in fp32, in a direct buffer.
   *
   * @throws BadInputException if a value is NaN or infinite, or the tensor has 2 GiB or more
   */
  FloatBuffer floats();

  /**
   * Appends the values in {@link #type}, in little-endian order.
   *
   * @throws BadInputException if a value is NaN or infinite
   */
  void copyTo(ByteBuffer to);

  /**
   * The values in {@link #type}, in a direct buffer; absent if they do not lie so in the file, or
   * this machine has another order of bytes.
   *
   * @throws BadInputException if a value is NaN or infinite
   */
  Optional<ByteBuffer> inPlace();

  /**
   * Whether another tensor has the same numbers.
   *
   * @param other of the same shape
   */
  boolean equalsIn(StoredTensor other);

  /** What is wrong with it. */
  BadInputException bad(String fact);

  /**
   * Makes sure that it has the shape that the config asks for.
   *
   * @throws BadInputException if it has another
   */
  default void requireShape(long... expected) {
    if (!Arrays.equals(shape(), expected)) {
      throw bad(
          "has shape "
              + Arrays.toString(shape())
              + "; the config asks for "
              + Arrays.toString(expected));
    }
  }

  /**
   * Makes sure that one buffer can hold its values in fp32.
   *
   * @throws BadInputException if it has 2 GiB or more
   */
  default void requireFloats() {
    if (elements() > (Integer.MAX_VALUE - 64) / 4) {
      throw bad("has " + elements() + " elements; 2 GiB of fp32 are the limit for one tensor");
    }
  }

  /**
   * Makes sure that all values are numbers.
   *
   * @throws BadInputException naming the first that is none
   */
  default void requireFinite(FloatBuffer values) {
    for (int i = 0; i < values.limit(); i++) {
      float x = values.get(i);
      if (!Float.isFinite(x)) {
        throw bad("holds " + x + " at element " + i);
      }
    }
  }

  /** Room for values in this machine's order of bytes. */
  static FloatBuffer direct(int elements) {
    return ByteBuffer.allocateDirect(4 * elements).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
