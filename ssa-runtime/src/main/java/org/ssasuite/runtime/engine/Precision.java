package org.ssasuite.runtime.engine;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The number format of weights and activations, in files and in what is computed. Sums, norms,
 * softmax and, on a GPU, the residual stream are fp32 in all of them. Everything rounds to nearest,
 * ties to even.
 */
public enum Precision {
  FP32("float32", "F32", 4) {
    @Override
    public int bits(float value) {
      return Float.floatToRawIntBits(value);
    }

    @Override
    public float ofBits(int bits) {
      return Float.intBitsToFloat(bits);
    }

    @Override
    public void put(float value, ByteBuffer to) {
      to.putFloat(value);
    }
  },
  FP16("float16", "F16", 2) {
    @Override
    public int bits(float value) {
      return halfBits(value);
    }

    @Override
    public float ofBits(int bits) {
      return ofHalf(bits);
    }
  },
  BF16("bfloat16", "BF16", 2) {
    @Override
    public int bits(float value) {
      return brainBits(value);
    }

    @Override
    public float ofBits(int bits) {
      return Float.intBitsToFloat(bits << 16);
    }
  };

  private final String torchName;
  private final String storedName;
  private final int bytes;

  Precision(String torchName, String storedName, int bytes) {
    this.torchName = torchName;
    this.storedName = storedName;
    this.bytes = bytes;
  }

  /** As command lines have it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As {@code config.json} has it. */
  public String torchName() {
    return torchName;
  }

  /** As safetensors files have it. */
  public String storedName() {
    return storedName;
  }

  /** The one that {@code config.json} calls so. */
  public static Optional<Precision> ofTorch(String name) {
    return Stream.of(values()).filter(one -> one.torchName.equals(name)).findFirst();
  }

  /** The one that safetensors files call so. */
  public static Optional<Precision> ofStored(String name) {
    return Stream.of(values()).filter(one -> one.storedName.equals(name)).findFirst();
  }

  /** Of one number. */
  public int bytes() {
    return bytes;
  }

  /** The nearest number's bits, in the low bytes; infinity's where a number is too large. */
  public abstract int bits(float value);

  /** The number of such bits. */
  public abstract float ofBits(int bits);

  /** Appends a value, rounded, in the buffer's byte order. */
  public void put(float value, ByteBuffer to) {
    to.putShort((short) bits(value));
  }

  /** Appends the first {@code count} values, rounded, in the buffer's byte order. */
  public void put(float[] values, int count, ByteBuffer to) {
    for (int i = 0; i < count; i++) {
      put(values[i], to);
    }
  }

  /** The nearest number that the format has; infinite where it is too large. */
  public float rounded(float value) {
    return ofBits(bits(value));
  }

  private static int brainBits(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return bits >>> 16;
    }
    // Half a unit less one, plus the last bit kept: a tie rounds up only from an odd value.
    return (bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16;
  }

  private static int halfBits(float value) {
    int bits = Float.floatToIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int size = bits & 0x7FFFFFFF;
    if (Float.isNaN(value)) {
      return sign | 0x7E00;
    }
    if (Math.abs(value) < 0x1p-14f) {
      // Below the normal numbers the unit is 2^-24; the product is exact.
      return sign | (int) Math.rint(Math.abs(value) * 0x1p24);
    }
    // 13 bits fewer in the fraction, an exponent bias of 15 instead of 127.
    int rounded = ((size + 0xFFF + ((size >>> 13) & 1)) >>> 13) - ((127 - 15) << 10);
    return sign | Math.min(rounded, 0x7C00);
  }

  private static float ofHalf(int bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | (fraction << 13));
    }
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
  }
}
