package org.ssasuite.runtime.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.runtime.engine.Precision;

/** A tensor in a safetensors file: where it lies and how to get at it. */
final class SafetensorsTensor implements StoredTensor {
  /** Of whole elements. */
  private static final int PIECE_BYTES = 1 << 20;

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

  SafetensorsTensor(Place place, String name, String storedType, long[] shape, long elements) {
    this.place = place;
    this.name = name;
    this.storedType = storedType;
    this.shape = shape.clone();
    this.elements = elements;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Precision type() {
    return Precision.ofStored(storedType)
        .orElseThrow(() -> bad("is of dtype \"" + storedType + "\"; known are BF16, F16, F32"));
  }

  @Override
  public void requireReadable() {
    type();
  }

  @Override
  public String storedType() {
    return storedType;
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public long offset() {
    return place.offset();
  }

  @Override
  public long bytes() {
    return place.bytes();
  }

  @Override
  public long elements() {
    return elements;
  }

  /**
   * It is a copy, not the mapped file: a file that is cut short under its map ends the process, and
   * one that is written to changes what is computed.
   */
  @Override
  public FloatBuffer floats() {
    requireFloats();
    FloatBuffer values = type() == Precision.FP32 ? nativelyOrdered(stored()) : widened();
    requireFinite(values);
    return values;
  }

  @Override
  public void copyTo(ByteBuffer to) {
    int bytes = (int) place.bytes();
    ByteBuffer part = to.slice(to.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    read(part);
    requireFinite(part);
    to.position(to.position() + bytes);
  }

  @Override
  public Optional<ByteBuffer> inPlace() {
    ByteBuffer values = stored();
    requireFinite(values);
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? Optional.of(values)
        : Optional.empty();
  }

  private void requireFinite(ByteBuffer values) {
    Precision type = type();
    if (type == Precision.FP32) {
      requireFinite(values.asFloatBuffer());
    } else {
      requireFinite(values.asShortBuffer(), type == Precision.BF16 ? 0x7f80 : 0x7c00);
    }
  }

  /** Those of one format are compared as they lie. */
  @Override
  public boolean equalsIn(StoredTensor tensor) {
    if (!(tensor instanceof SafetensorsTensor other) || !storedType.equals(other.storedType)) {
      return floats().mismatch(tensor.floats()) < 0;
    }
    ByteBuffer mine = piece();
    ByteBuffer theirs = piece();
    try (FileChannel here = RegularFile.channel(place.file());
        FileChannel there = RegularFile.channel(other.place.file())) {
      for (long at = 0; at < place.bytes(); at += mine.limit()) {
        fill(mine, here, at);
        other.fill(theirs, there, at);
        if (!mine.flip().equals(theirs.flip())) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw BadInputException.io(place.file(), e);
    }
  }

  private ByteBuffer piece() {
    return ByteBuffer.allocate((int) Math.min(place.bytes(), PIECE_BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads on from a byte of the tensor, as much as there is. */
  private void fill(ByteBuffer piece, FileChannel channel, long from) throws IOException {
    piece.clear().limit((int) Math.min(piece.capacity(), place.bytes() - from));
    read(channel, place.offset() + from, piece);
  }

  private void requireFinite(ShortBuffer values, int exponent) {
    for (int i = 0; i < values.limit(); i++) {
      if ((values.get(i) & exponent) == exponent) {
        throw bad("holds what is not a finite number at element " + i);
      }
    }
  }

  private ByteBuffer stored() {
    ByteBuffer values =
        ByteBuffer.allocateDirect((int) place.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    read(values);
    return values;
  }

  /** Fills a buffer from the beginning, and leaves it as it was but for its content. */
  private void read(ByteBuffer values) {
    ByteBuffer rest = values.duplicate();
    try (FileChannel channel = RegularFile.channel(place.file())) {
      read(channel, place.offset(), rest);
    } catch (IOException e) {
      throw BadInputException.io(place.file(), e);
    }
  }

  private void read(FileChannel channel, long from, ByteBuffer to) throws IOException {
    long at = from;
    while (to.hasRemaining()) {
      int n = channel.read(to, at);
      if (n < 0) {
        throw bad("is truncated");
      }
      at += n;
    }
  }

  private static FloatBuffer nativelyOrdered(ByteBuffer stored) {
    FloatBuffer values = stored.asFloatBuffer();
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? values
        : StoredTensor.direct(values.remaining()).put(values).flip();
  }

  /** In pieces, so that the stored form is never in memory as a whole beside the other. */
  private FloatBuffer widened() {
    int n = (int) elements;
    Precision type = type();
    FloatBuffer to = StoredTensor.direct(n);
    ByteBuffer piece = piece();
    try (FileChannel channel = RegularFile.channel(place.file())) {
      for (int i = 0; i < n; ) {
        fill(piece, channel, (long) i * type.bytes());
        ShortBuffer stored = piece.flip().asShortBuffer();
        while (stored.hasRemaining()) {
          to.put(i, type.ofBits(stored.get()));
          i++;
        }
      }
    } catch (IOException e) {
      throw BadInputException.io(place.file(), e);
    }
    return to;
  }

  @Override
  public BadInputException bad(String fact) {
    return new BadInputException(place.file(), "tensor '" + name + "' " + fact);
  }
}
