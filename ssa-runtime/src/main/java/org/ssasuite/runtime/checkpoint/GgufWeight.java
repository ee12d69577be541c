package org.ssasuite.runtime.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.gguf.BlockFormat;
import org.ssasuite.runtime.gguf.GgufTensor;

/**
 * A tensor of a GGUF file under its Hugging Face name, in fp32 whatever the file has it in.
 *
 * @param stored what lies in the file
 * @param heads whose rows llama.cpp has put into pairs; 0: rows lie as Hugging Face has them
 */
record GgufWeight(Path file, String name, GgufTensor stored, int heads) implements StoredTensor {
  private static final int PIECE_ELEMENTS = 1 << 18;

  @Override
  public Precision type() {
    return Precision.FP32;
  }

  @Override
  public String storedType() {
    return stored.format().name();
  }

  @Override
  public long[] shape() {
    return stored.shape().clone();
  }

  @Override
  public long offset() {
    return stored.offset();
  }

  @Override
  public long bytes() {
    return stored.bytes();
  }

  @Override
  public long elements() {
    return stored.elements();
  }

  @Override
  public FloatBuffer floats() {
    requireFloats();
    FloatBuffer values = StoredTensor.direct((int) elements());
    BlockFormat format = stored.format();
    int step = pieceElements();
    float[] numbers = new float[step];
    ByteBuffer piece =
        ByteBuffer.allocate(Math.toIntExact(format.bytes(step))).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = RegularFile.channel(file)) {
      for (int at = 0; at < values.capacity(); at += step) {
        int count = Math.min(step, values.capacity() - at);
        piece.clear().limit(Math.toIntExact(format.bytes(count)));
        fill(piece, channel, offset() + format.bytes(at));
        format.decode(piece.flip(), numbers, count);
        put(numbers, count, at, values);
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
    requireFinite(values);
    return values;
  }

  /** Whole blocks, and whole rows where those change places. */
  private int pieceElements() {
    long unit = heads > 0 ? rowElements() : stored.format().blockElements();
    long most = Math.max(unit, PIECE_ELEMENTS / unit * unit);
    return (int) Math.min(most, elements());
  }

  /** A bias is a column: each of its numbers is a row. */
  private long rowElements() {
    return stored.shape().length == 1 ? 1 : stored.rowElements();
  }

  private void put(float[] numbers, int count, int at, FloatBuffer values) {
    if (heads == 0) {
      values.put(at, numbers, 0, count);
      return;
    }
    int width = (int) rowElements();
    int headRows = (int) (elements() / width / heads);
    for (int i = 0; i < count; i += width) {
      values.put(row((at + i) / width, headRows) * width, numbers, i, width);
    }
  }

  /**
   * Where a row belongs. llama.cpp turns neighbours 2i and 2i + 1 of a head together, Hugging Face
   * i and i + D/2.
   */
  private static int row(int stored, int headRows) {
    int within = stored % headRows;
    return stored - within + within % 2 * (headRows / 2) + within / 2;
  }

  private void fill(ByteBuffer to, FileChannel channel, long from) throws IOException {
    long at = from;
    while (to.hasRemaining()) {
      int n = channel.read(to, at);
      if (n < 0) {
        throw bad("is truncated");
      }
      at += n;
    }
  }

  @Override
  public void copyTo(ByteBuffer to) {
    FloatBuffer values = floats();
    int bytes = Math.multiplyExact(values.capacity(), Float.BYTES);
    to.slice(to.position(), bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    to.position(to.position() + bytes);
  }

  @Override
  public Optional<ByteBuffer> inPlace() {
    return Optional.empty();
  }

  @Override
  public boolean equalsIn(StoredTensor other) {
    return floats().mismatch(other.floats()) < 0;
  }

  @Override
  public BadInputException bad(String fact) {
    return new BadInputException(file, "tensor '" + stored.name() + "' " + fact);
  }
}
