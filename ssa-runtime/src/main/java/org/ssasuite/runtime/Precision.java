package org.ssasuite.runtime;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.ssasuite.runtime.checkpoint.ElementType;

/**
 * The number format of weights and activations. Sums, norms, softmax and, on a GPU, the residual
 * stream are fp32 in all of them.
 */
public enum Precision {
  FP32,
  FP16,
  BF16;

  /** As command lines have it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its type in a checkpoint. */
  ElementType stored() {
    return switch (this) {
      case FP32 -> ElementType.F32;
      case FP16 -> ElementType.F16;
      case BF16 -> ElementType.BF16;
    };
  }

  /** Of one number. */
  public int bytes() {
    return CheckpointFloat.of(this).bytes();
  }

  /** Appends the first {@code count} values, rounded, in the buffer's byte order. */
  public void put(float[] values, int count, ByteBuffer to) {
    CheckpointFloat format = CheckpointFloat.of(this);
    for (int i = 0; i < count; i++) {
      format.put(values[i], to);
    }
  }

  /** The nearest number that the format has, ties to even; infinite where it is too large. */
  public float rounded(float value) {
    return switch (this) {
      case FP32 -> value;
      case FP16 -> CheckpointFloat.ofHalf(CheckpointFloat.half(value));
      case BF16 -> Float.intBitsToFloat(CheckpointFloat.brain(value) << 16);
    };
  }
}
