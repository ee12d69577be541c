package org.ssasuite.runtime.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A small GGUF file in memory, of version 3 unless another is asked for: what readers are tried
 * with. Mutable, one owner.
 */
public final class GgufWriter {
  private static final int ALIGNMENT = 32;

  private final int version;
  private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
  private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private long keyCount;
  private long tensorCount;

  public GgufWriter() {
    this(3);
  }

  public GgufWriter(int version) {
    this.version = version;
  }

  public GgufWriter text(String key, String value) {
    begin(key, GgufType.STRING);
    put(keys, value);
    return this;
  }

  /** As an unsigned number of 32 bits, which llama.cpp takes for sizes and ids. */
  public GgufWriter whole(String key, long value) {
    begin(key, GgufType.UINT32);
    putInt(keys, (int) value);
    return this;
  }

  /** In fp32. */
  public GgufWriter real(String key, double value) {
    begin(key, GgufType.FLOAT32);
    putInt(keys, Float.floatToRawIntBits((float) value));
    return this;
  }

  public GgufWriter flag(String key, boolean value) {
    begin(key, GgufType.BOOL);
    keys.write(value ? 1 : 0);
    return this;
  }

  public GgufWriter texts(String key, List<String> values) {
    beginArray(key, GgufType.STRING, values.size());
    values.forEach(value -> put(keys, value));
    return this;
  }

  public GgufWriter wholes(String key, List<Integer> values) {
    beginArray(key, GgufType.INT32, values.size());
    values.forEach(value -> putInt(keys, value));
    return this;
  }

  /** In fp32. */
  public GgufWriter reals(String key, List<Double> values) {
    beginArray(key, GgufType.FLOAT32, values.size());
    values.forEach(value -> putInt(keys, Float.floatToRawIntBits(value.floatValue())));
    return this;
  }

  /**
   * Adds a tensor behind the others.
   *
   * @param shape the slowest axis first
   * @param values its blocks
   */
  public GgufWriter tensor(String name, long[] shape, BlockFormat format, byte[] values) {
    tensorCount++;
    put(tensors, name);
    putInt(tensors, shape.length);
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      putLong(tensors, shape[axis]);
    }
    putInt(tensors, format.code());
    putLong(tensors, data.size());
    data.writeBytes(values);
    pad(data, data.size());
    return this;
  }

  /** The same in fp32. */
  public GgufWriter tensor(String name, long[] shape, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return tensor(name, shape, BlockFormat.F32, bytes.array());
  }

  /** The whole file. */
  public byte[] bytes() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    putInt(file, GgufHeader.MAGIC);
    putInt(file, version);
    putLong(file, tensorCount);
    putLong(file, keyCount);
    file.writeBytes(keys.toByteArray());
    file.writeBytes(tensors.toByteArray());
    pad(file, file.size());
    file.writeBytes(data.toByteArray());
    return file.toByteArray();
  }

  private void begin(String key, GgufType type) {
    keyCount++;
    put(keys, key);
    putInt(keys, type.code());
  }

  private void beginArray(String key, GgufType type, int count) {
    begin(key, GgufType.ARRAY);
    putInt(keys, type.code());
    putLong(keys, count);
  }

  private static void put(ByteArrayOutputStream to, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    putLong(to, bytes.length);
    to.writeBytes(bytes);
  }

  private static void putInt(ByteArrayOutputStream to, int value) {
    to.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static void putLong(ByteArrayOutputStream to, long value) {
    to.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  private static void pad(ByteArrayOutputStream to, int size) {
    to.writeBytes(new byte[(ALIGNMENT - size % ALIGNMENT) % ALIGNMENT]);
  }
}
