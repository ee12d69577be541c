package org.ssasuite.runtime.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.MappedByteBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.RegularFile;

/** A tensor in a safetensors file: where it lies and how to get at it. */
public final class StoredTensor {
  private final Path file;
  private final String name;
  private final ElementType type;
  private final long[] shape;
  private final long offset;
  private final long bytes;

  StoredTensor(Path file, String name, ElementType type, long[] shape, long offset, long bytes) {
    this.file = file;
    this.name = name;
    this.type = type;
    this.shape = shape.clone();
    this.offset = offset;
    this.bytes = bytes;
  }

  public String name() {
    return name;
  }

  public ElementType type() {
    return type;
  }

  public long[] shape() {
    return shape.clone();
  }

  long offset() {
    return offset;
  }

  long bytes() {
    return bytes;
  }

  public long elements() {
    return bytes / type.bytes();
  }

  void requireShape(long... expected) {
    if (!Arrays.equals(shape, expected)) {
      throw bad(
          "has shape "
              + Arrays.toString(shape)
              + "; the config asks for "
              + Arrays.toString(expected));
    }
  }

  /**
   * The values in fp32, in a direct buffer: the mapped file itself if it holds fp32 at an address
   * that is a multiple of four, else a converted copy.
   *
   * @throws BadInputException if a value is NaN or infinite, or the tensor has 2 GiB or more
   */
  public FloatBuffer floats() {
    if (elements() > (Integer.MAX_VALUE - 64) / 4) {
      throw bad("has " + elements() + " elements; 2 GiB of fp32 are the limit for one tensor");
    }
    ByteBuffer mapped = map();
    FloatBuffer values = type == ElementType.F32 ? inPlaceOrCopied(mapped) : widened(mapped);
    requireFinite(values);
    return values;
  }

  /**
   * Appends the values as they are stored, in little-endian order.
   *
   * @throws BadInputException if a value is NaN or infinite
   */
  public void copyTo(ByteBuffer to) {
    to.put(mapFinite());
  }

  /**
   * The values as they are stored, in the mapped file itself; absent if they do not lie at
   * multiples of their size or this machine has another order of bytes.
   *
   * @throws BadInputException if a value is NaN or infinite
   */
  public Optional<ByteBuffer> inPlace() {
    ByteBuffer mapped = mapFinite();
    boolean usable =
        ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
            && mapped.alignmentOffset(0, type.bytes()) == 0;
    return usable ? Optional.of(mapped) : Optional.empty();
  }

  private ByteBuffer mapFinite() {
    ByteBuffer mapped = map();
    if (type == ElementType.F32) {
      requireFinite(mapped.asFloatBuffer());
    } else {
      requireFinite(mapped.asShortBuffer(), type == ElementType.BF16 ? 0x7f80 : 0x7c00);
    }
    return mapped;
  }

  private void requireFinite(ShortBuffer values, int exponent) {
    for (int i = 0; i < values.limit(); i++) {
      if ((values.get(i) & exponent) == exponent) {
        throw bad("holds what is not a finite number at element " + i);
      }
    }
  }

  private ByteBuffer map() {
    try (FileChannel channel = RegularFile.channel(file)) {
      if (channel.size() < offset + bytes) {
        throw bad("is truncated");
      }
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, offset, bytes);
      return mapped.order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  private static FloatBuffer inPlaceOrCopied(ByteBuffer mapped) {
    boolean usable =
        ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN && mapped.alignmentOffset(0, 4) == 0;
    if (usable) {
      return mapped.asFloatBuffer();
    }
    FloatBuffer copy = direct(mapped.remaining() / 4);
    return copy.put(mapped.asFloatBuffer()).flip();
  }

  private FloatBuffer widened(ByteBuffer mapped) {
    ShortBuffer stored = mapped.asShortBuffer();
    int n = stored.remaining();
    FloatBuffer to = direct(n);
    boolean brain = type == ElementType.BF16;
    for (int i = 0; i < n; i++) {
      int bits = stored.get(i) & 0xffff;
      to.put(i, brain ? Float.intBitsToFloat(bits << 16) : ElementType.half(bits));
    }
    return to;
  }

  private static FloatBuffer direct(int elements) {
    return ByteBuffer.allocateDirect(4 * elements).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  private void requireFinite(FloatBuffer values) {
    for (int i = 0; i < values.limit(); i++) {
      float x = values.get(i);
      if (!Float.isFinite(x)) {
        throw bad("holds " + x + " at element " + i);
      }
    }
  }

  private BadInputException bad(String fact) {
    return new BadInputException(file, "tensor '" + name + "' " + fact);
  }
}
