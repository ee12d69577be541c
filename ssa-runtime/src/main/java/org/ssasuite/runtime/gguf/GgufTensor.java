package org.ssasuite.runtime.gguf;

import java.util.Objects;

/**
 * A tensor as a file describes it.
 *
 * @param shape the slowest axis first, as elsewhere here; files have it the other way round
 * @param offset of its first block in the file
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never changed
public record GgufTensor(String name, long[] shape, BlockFormat format, long offset) {
  public GgufTensor {
    Objects.requireNonNull(name);
    Objects.requireNonNull(format);
    shape = shape.clone();
  }

  /** Numbers of all axes' product. */
  public long elements() {
    long elements = 1;
    for (long axis : shape) {
      elements *= axis;
    }
    return elements;
  }

  /** Numbers of the fastest axis: they lie behind one another, in whole blocks. */
  public long rowElements() {
    return shape[shape.length - 1];
  }

  /** What it takes in the file. */
  public long bytes() {
    return format.bytes(elements());
  }
}
