package org.ssasuite.runtime.gguf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ssasuite.runtime.engine.Precision;

/**
 * How a tensor's numbers lie in a GGUF file: in blocks of some elements that share their scales.
 * Each number is computed in fp32, operation by operation as written here.
 *
 * <p>Source: the formats of llama.cpp's {@code ggml-common.h} and the package {@code gguf} 0.19.
 */
public enum BlockFormat {
  F32(0, 1, 4) {
    @Override
    void put(ByteBuffer block, float[] to, int at) {
      to[at] = block.getFloat();
    }
  },
  F16(1, 1, 2) {
    @Override
    void put(ByteBuffer block, float[] to, int at) {
      to[at] = half(block);
    }
  },
  BF16(30, 1, 2) {
    @Override
    void put(ByteBuffer block, float[] to, int at) {
      to[at] = Precision.BF16.ofBits(block.getShort());
    }
  },
  /** d (q − 8), the halves of 16 bytes; the lower ones come first. */
  Q4_0(2, 32, 18) {
    @Override
    void put(ByteBuffer block, float[] to, int at) {
      float d = half(block);
      for (int i = 0; i < 16; i++) {
        int q = block.get() & 0xff;
        to[at + i] = d * ((q & 15) - 8);
        to[at + i + 16] = d * ((q >> 4) - 8);
      }
    }
  },
  /** d q + m. */
  Q4_1(3, 32, 20) {
    @Override
    void put(ByteBuffer block, float[] to, int at) {
      float d = half(block);
      float m = half(block);
      for (int i = 0; i < 16; i++) {
        int q = block.get() & 0xff;
        to[at + i] = d * (q & 15) + m;
        to[at + i + 16] = d * (q >> 4) + m;
      }
    }
  },
  /** d (q − 16); the fifth bits lie in front, element by element. */
  Q5_0(6, 32, 22) {
    @Override
    void put(ByteBuffer block, float[] to, int at) {
      float d = half(block);
      int fifth = block.getInt();
      for (int i = 0; i < 16; i++) {
        int q = block.get() & 0xff;
        to[at + i] = d * (((q & 15) | bit(fifth, i)) - 16);
        to[at + i + 16] = d * (((q >> 4) | bit(fifth, i + 16)) - 16);
      }
    }
  },
  /** d q + m, with fifth bits. */
  Q5_1(7, 32, 24) {
    @Override
    void put(ByteBuffer block, float[] to, int at) {
      float d = half(block);
      float m = half(block);
      int fifth = block.getInt();
      for (int i = 0; i < 16; i++) {
        int q = block.get() & 0xff;
        to[at + i] = d * ((q & 15) | bit(fifth, i)) + m;
        to[at + i + 16] = d * ((q >> 4) | bit(fifth, i + 16)) + m;
      }
    }
  },
  /** d q, of signed bytes. */
  Q8_0(8, 32, 34) {
    @Override
    void put(ByteBuffer block, float[] to, int at) {
      float d = half(block);
      for (int i = 0; i < 32; i++) {
        to[at + i] = d * block.get();
      }
    }
  },
  /** Eight times 32 numbers (d s) q − (e m), s and m of six bits. */
  Q4_K(12, 256, 144) {
    @Override
    void put(ByteBuffer block, float[] to, int at) {
      float d = half(block);
      float e = half(block);
      byte[] scales = taken(block, 12);
      byte[] low = taken(block, 128);
      for (int part = 0; part < 8; part++) {
        float scale = d * sixBits(scales, part, true);
        float least = e * sixBits(scales, part, false);
        for (int i = 0; i < 32; i++) {
          to[at + 32 * part + i] = scale * four(low[32 * (part / 2) + i], part % 2) - least;
        }
      }
    }
  },
  /** The same with a fifth bit of each number, part by part in the bits of 32 bytes. */
  Q5_K(13, 256, 176) {
    @Override
    void put(ByteBuffer block, float[] to, int at) {
      float d = half(block);
      float e = half(block);
      byte[] scales = taken(block, 12);
      byte[] high = taken(block, 32);
      byte[] low = taken(block, 128);
      for (int part = 0; part < 8; part++) {
        float scale = d * sixBits(scales, part, true);
        float least = e * sixBits(scales, part, false);
        for (int i = 0; i < 32; i++) {
          int q = four(low[32 * (part / 2) + i], part % 2) | (((high[i] >> part) & 1) << 4);
          to[at + 32 * part + i] = scale * q - least;
        }
      }
    }
  },
  /** Sixteen times 16 numbers (d s) (q − 32), s signed bytes; the upper two bits lie apart. */
  Q6_K(14, 256, 210) {
    @Override
    void put(ByteBuffer block, float[] to, int at) {
      byte[] low = taken(block, 128);
      byte[] high = taken(block, 64);
      byte[] scales = taken(block, 16);
      float d = half(block);
      for (int i = 0; i < 256; i++) {
        int side = i / 128;
        int quarter = i % 128 / 32;
        int column = i % 32;
        int four = four(low[64 * side + 32 * (quarter % 2) + column], quarter / 2);
        int two = (high[32 * side + column] >> (2 * quarter)) & 3;
        to[at + i] = d * scales[i / 16] * ((four | (two << 4)) - 32);
      }
    }
  };

  /** Those that are not read, for messages: all of llama.cpp's in 2025. */
  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(9, "Q8_1"),
          Map.entry(10, "Q2_K"),
          Map.entry(11, "Q3_K"),
          Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(20, "IQ4_NL"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
          Map.entry(23, "IQ4_XS"),
          Map.entry(24, "I8"),
          Map.entry(25, "I16"),
          Map.entry(26, "I32"),
          Map.entry(27, "I64"),
          Map.entry(28, "F64"),
          Map.entry(29, "IQ1_M"),
          Map.entry(34, "TQ1_0"),
          Map.entry(35, "TQ2_0"),
          Map.entry(39, "MXFP4"));

  private final int code;
  private final int blockElements;
  private final int blockBytes;

  BlockFormat(int code, int blockElements, int blockBytes) {
    this.code = code;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** What files call it. */
  int code() {
    return code;
  }

  /** Elements that lie together; a row has a multiple of them. */
  public int blockElements() {
    return blockElements;
  }

  /** What elements take, a multiple of a block's. */
  public long bytes(long elements) {
    return elements / blockElements * blockBytes;
  }

  /** Whether it is a format of whole numbers with scales. */
  public boolean isQuantised() {
    return blockElements > 1;
  }

  /**
   * The numbers of whole blocks.
   *
   * @param blocks little-endian, from its position on; it is moved on behind them
   * @param to filled from its beginning
   * @param count of elements, a multiple of a block's
   */
  public void decode(ByteBuffer blocks, float[] to, int count) {
    for (int at = 0; at < count; at += blockElements) {
      put(blocks, to, at);
    }
  }

  /** One block's numbers. */
  abstract void put(ByteBuffer block, float[] to, int at);

  static Optional<BlockFormat> of(int code) {
    return Arrays.stream(values()).filter(format -> format.code == code).findFirst();
  }

  /** What llama.cpp calls the format of a code that is none of these. */
  static String name(int code) {
    return OTHERS.getOrDefault(code, "format " + Integer.toUnsignedString(code));
  }

  static String names() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }

  private static float half(ByteBuffer from) {
    return Precision.FP16.ofBits(from.getShort());
  }

  private static byte[] taken(ByteBuffer from, int count) {
    byte[] bytes = new byte[count];
    from.get(bytes);
    return bytes;
  }

  /** A bit as the fifth of a number. */
  private static int bit(int bits, int at) {
    return ((bits >>> at) & 1) << 4;
  }

  private static int four(byte two, int upper) {
    return ((two & 0xff) >> (4 * upper)) & 15;
  }

  /**
   * A scale, or what is taken off, of a part. Those of the first four parts fill the lower six bits
   * of bytes; the others have four bits behind them and two in the upper bits of those.
   */
  private static int sixBits(byte[] scales, int part, boolean scale) {
    if (part < 4) {
      return scales[scale ? part : part + 4] & 63;
    }
    return four(scales[part + 4], scale ? 0 : 1)
        | (((scales[scale ? part - 4 : part] & 0xff) >> 6) << 4);
  }
}
