package org.ssasuite.runtime.logits;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.runtime.checkpoint.Safetensors;
import org.ssasuite.runtime.checkpoint.StoredTensor;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.npy.NpyFile;
import org.ssasuite.runtime.npy.NpyMatrix;

/**
 * Logits [T, V] that another program left in a file: {@code .npy} of float32 or float16, or the
 * tensor {@code logits} (or the only one) of a {@code .safetensors} file, F32, F16 or BF16. Read a
 * row at a time: no more of the file is ever in memory. Mutable, one owner, closed once.
 */
public final class LogitsFile implements AutoCloseable {
  private static final String TENSOR = "logits";

  private final Path file;
  private final Matrix matrix;
  private final FileChannel channel;
  private final ByteBuffer row;

  private LogitsFile(Path file, Matrix matrix, FileChannel channel) {
    this.file = file;
    this.matrix = matrix;
    this.channel = channel;
    long bytes = (long) matrix.columns() * matrix.format().bytes();
    this.row = ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Where the numbers lie. */
  private record Matrix(int rows, int columns, Precision format, long offset) {}

  /** Whether a name is that of a file of logits. */
  public static boolean is(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".npy") || name.endsWith(".safetensors");
  }

  /**
   * Looks at a file's header.
   *
   * @throws BadInputException if the file is missing, truncated or of another kind
   */
  public static LogitsFile open(Path file) {
    boolean npy = String.valueOf(file.getFileName()).endsWith(".npy");
    Matrix matrix = npy ? ofNpy(file) : ofTensor(file, Safetensors.read(file));
    if (matrix.rows() < 1 || matrix.columns() < 1) {
      throw new BadInputException(
          file, "has shape [" + matrix.rows() + ", " + matrix.columns() + "]: no logits");
    }
    if ((long) matrix.columns() * matrix.format().bytes() > Integer.MAX_VALUE) {
      throw new BadInputException(file, "has " + matrix.columns() + " logits in a row");
    }
    try {
      return new LogitsFile(file, matrix, RegularFile.channel(file));
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  private static Matrix ofNpy(Path file) {
    NpyMatrix matrix = NpyFile.matrix(file);
    Precision format = matrix.half() ? Precision.FP16 : Precision.FP32;
    return new Matrix(matrix.rows(), matrix.columns(), format, matrix.offset());
  }

  private static Matrix ofTensor(Path file, Map<String, StoredTensor> tensors) {
    List<StoredTensor> all = List.copyOf(tensors.values());
    StoredTensor tensor = all.size() == 1 ? all.get(0) : tensors.get(TENSOR);
    if (tensor == null) {
      throw new BadInputException(
          file, "has " + all.size() + " tensors, of which none is '" + TENSOR + "'");
    }
    long[] shape = tensor.shape();
    if (shape.length != 2 || shape[0] > Integer.MAX_VALUE || shape[1] > Integer.MAX_VALUE) {
      throw new BadInputException(
          file, "tensor '" + tensor.name() + "' has " + shape.length + " axes; [T, V] is needed");
    }
    return new Matrix((int) shape[0], (int) shape[1], tensor.type(), tensor.offset());
  }

  /** T. */
  public int rows() {
    return matrix.rows();
  }

  /** V. */
  public int vocabulary() {
    return matrix.columns();
  }

  /**
   * Reads a row.
   *
   * @param to [V]
   * @throws BadInputException if the file has become shorter, or a logit is no finite number
   */
  public void read(int position, float[] to) {
    row.clear();
    long at = matrix.offset() + (long) position * row.capacity();
    try {
      while (row.hasRemaining()) {
        if (channel.read(row, at + row.position()) < 0) {
          throw new BadInputException(file, "ends after " + channel.size() + " bytes");
        }
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
    row.flip();
    boolean wide = matrix.format() == Precision.FP32;
    for (int id = 0; id < to.length; id++) {
      float logit =
          wide ? row.getFloat() : matrix.format().ofBits(Short.toUnsignedInt(row.getShort()));
      if (!Float.isFinite(logit)) {
        throw new BadInputException(
            file, "the logit of id " + id + " at position " + position + " is " + logit);
      }
      to[id] = logit;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }
}
