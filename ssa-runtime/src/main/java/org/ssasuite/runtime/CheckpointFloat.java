package org.ssasuite.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.ElementType;

/** How a checkpoint stores numbers; everything rounds to nearest, ties to even. */
enum CheckpointFloat {
  FLOAT32("float32", "F32", 4) {
    @Override
    void put(float value, ByteBuffer to) {
      to.putFloat(value);
    }
  },
  FLOAT16("float16", "F16", 2) {
    @Override
    void put(float value, ByteBuffer to) {
      to.putShort(half(value));
    }
  },
  BFLOAT16("bfloat16", "BF16", 2) {
    @Override
    void put(float value, ByteBuffer to) {
      to.putShort(brain(value));
    }
  };

  private final String configName;
  private final String safetensorsName;
  private final int bytes;

  CheckpointFloat(String configName, String safetensorsName, int bytes) {
    this.configName = configName;
    this.safetensorsName = safetensorsName;
    this.bytes = bytes;
  }

  /** What {@code torch_dtype}, in newer files {@code dtype}, says; float32 where nothing does. */
  static CheckpointFloat of(JsonNode config) {
    Optional<CheckpointFloat> older = named(config, "torch_dtype");
    Optional<CheckpointFloat> newer = named(config, "dtype");
    if (older.isPresent() && newer.isPresent() && !older.equals(newer)) {
      throw new BadInputException("model config", "torch_dtype and dtype differ");
    }
    return older.or(() -> newer).orElse(FLOAT32);
  }

  /** The format of a precision. */
  static CheckpointFloat of(Precision precision) {
    return switch (precision) {
      case FP32 -> FLOAT32;
      case FP16 -> FLOAT16;
      case BF16 -> BFLOAT16;
    };
  }

  private static Optional<CheckpointFloat> named(JsonNode config, String key) {
    if (!config.hasNonNull(key)) {
      return Optional.empty();
    }
    String name = config.get(key).asText();
    for (CheckpointFloat format : values()) {
      if (format.configName.equals(name)) {
        return Optional.of(format);
      }
    }
    throw new BadInputException(
        "model config", key + " is '" + name + "', not bfloat16, float16 or float32");
  }

  String safetensorsName() {
    return safetensorsName;
  }

  int bytes() {
    return bytes;
  }

  abstract void put(float value, ByteBuffer to);

  static short brain(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16);
    }
    // Half a unit less one, plus the last bit kept: a tie rounds up only from an odd value.
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  /** The value of a half-precision number. */
  static float ofHalf(short half) {
    return ElementType.half(half & 0xffff);
  }

  static short half(float value) {
    int bits = Float.floatToIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int size = bits & 0x7FFFFFFF;
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7E00);
    }
    if (Math.abs(value) < 0x1p-14f) {
      // Below the normal numbers the unit is 2^-24; the product is exact.
      return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24));
    }
    // 13 bits fewer in the fraction, an exponent bias of 15 instead of 127.
    int rounded = ((size + 0xFFF + ((size >>> 13) & 1)) >>> 13) - ((127 - 15) << 10);
    return (short) (sign | Math.min(rounded, 0x7C00));
  }
}
