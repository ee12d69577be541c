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
  /** What a comparison looks at at once: maps end at 2 GiB. */
  private static final long COMPARED_BYTES = 64L << 20;

  /**
   * Where its bytes lie.
   *
   * @param offset in the file
   */
  record Place(Path file, long offset, long bytes) {}

  private final Place place;
  private final String name;
  private final String storedType;
  private final long[] shape;
  private final long elements;

  StoredTensor(Place place, String name, String storedType, long[] shape, long elements) {
    this.place = place;
    this.name = name;
    this.storedType = storedType;
    this.shape = shape.clone();
    this.elements = elements;
  }

  public String name() {
    return name;
  }

  /**
   * The number format.
   *
   * @throws BadInputException if it is one that cannot be read
   */
  public ElementType type() {
    return ElementType.ofSafetensors(storedType)
        .orElseThrow(() -> bad("is of dtype \"" + storedType + "\"; known are BF16, F16, F32"));
  }

  void requireReadable() {
    type();
  }

  /** The number format's name, which may be one that cannot be read. */
  String storedType() {
    return storedType;
  }

  public long[] shape() {
    return shape.clone();
  }

  long offset() {
    return place.offset();
  }

  long bytes() {
    return place.bytes();
  }

  public long elements() {
    return elements;
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
    if (elements > (Integer.MAX_VALUE - 64) / 4) {
      throw bad("has " + elements + " elements; 2 GiB of fp32 are the limit for one tensor");
    }
    ElementType type = type();
    ByteBuffer mapped = map();
    FloatBuffer values = type == ElementType.F32 ? inPlaceOrCopied(mapped) : widened(mapped, type);
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
            && mapped.alignmentOffset(0, type().bytes()) == 0;
    return usable ? Optional.of(mapped) : Optional.empty();
  }

  /**
   * Whether another tensor has the same numbers; those of one format are compared as they lie.
   *
   * @param other of the same shape
   */
  boolean equalsIn(StoredTensor other) {
    if (storedType.equals(other.storedType)) {
      for (long at = 0; at < place.bytes(); at += COMPARED_BYTES) {
        long n = Math.min(COMPARED_BYTES, place.bytes() - at);
        if (map(at, n).mismatch(other.map(at, n)) >= 0) {
          return false;
        }
      }
      return true;
    }
    return floats().mismatch(other.floats()) < 0;
  }

  private ByteBuffer mapFinite() {
    ElementType type = type();
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
    return map(0, place.bytes());
  }

  private ByteBuffer map(long from, long count) {
    try (FileChannel channel = RegularFile.channel(place.file())) {
      if (channel.size() < place.offset() + place.bytes()) {
        throw bad("is truncated");
      }
      MappedByteBuffer mapped =
          channel.map(FileChannel.MapMode.READ_ONLY, place.offset() + from, count);
      return mapped.order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw BadInputException.io(place.file(), e);
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

  private static FloatBuffer widened(ByteBuffer mapped, ElementType type) {
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
    return new BadInputException(place.file(), "tensor '" + name + "' " + fact);
  }
}
