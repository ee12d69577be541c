package org.ssasuite.runtime.checkpoint;

import java.util.Optional;

/** Number formats that weights are stored in. */
public enum ElementType {
  BF16(2, "bfloat16"),
  F16(2, "float16"),
  F32(4, "float32");

  private final int bytes;
  private final String torchName;

  ElementType(int bytes, String torchName) {
    this.bytes = bytes;
    this.torchName = torchName;
  }

  public int bytes() {
    return bytes;
  }

  /** The name that {@code config.json} uses. */
  public String torchName() {
    return torchName;
  }

  static Optional<ElementType> ofTorch(String name) {
    String plain = name.startsWith("torch.") ? name.substring("torch.".length()) : name;
    for (ElementType type : values()) {
      if (type.torchName.equals(plain)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  static Optional<ElementType> ofSafetensors(String name) {
    for (ElementType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The fp32 value of two stored bytes, first the low one. */
  public static float half(int bits) {
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
