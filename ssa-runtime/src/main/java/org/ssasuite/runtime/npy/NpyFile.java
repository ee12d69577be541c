package org.ssasuite.runtime.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.GitPointer;
import org.ssasuite.core.files.RegularFile;

/**
 * Reads and writes {@code .npy} files: versions 1.0 and 2.0, little-endian float32, int32 and int64
 * in C order. Anything else is bad input, found before memory is taken for it.
 */
public final class NpyFile {
  /** NumPy itself reads no longer header from a file that it does not trust. */
  private static final long MAX_HEADER_BYTES = 10_000;

  private static final int CHUNK_BYTES = 1 << 20;

  private NpyFile() {}

  /**
   * The array in a file.
   *
   * @throws BadInputException if the file is missing, truncated, too long or of another kind
   */
  public static NpyArray read(Path file) {
    GitPointer.refuse(file);
    try (FileChannel channel = RegularFile.channel(file)) {
      NpyHeader header = header(file, channel).requireHeld(file);
      requireLength(file, channel, header, width(file, header.descr()));
      return body(file, channel, header);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * Where the rows of a matrix of float32 or float16 lie in a file, which may be larger than
   * memory.
   *
   * @throws BadInputException if the file is missing, truncated, too long or of another kind
   */
  public static NpyMatrix matrix(Path file) {
    GitPointer.refuse(file);
    try (FileChannel channel = RegularFile.channel(file)) {
      NpyHeader header = header(file, channel);
      boolean half = header.descr().equals("<f2");
      if (!half && !header.descr().equals("<f4")) {
        throw new BadInputException(
            file,
            "has elements of type '"
                + header.descr()
                + "'; only little-endian float32 and float16 are read");
      }
      if (header.shape().size() != 2) {
        throw new BadInputException(file, "has shape " + header.shape() + "; two axes are needed");
      }
      requireLength(file, channel, header, half ? 2 : 4);
      return new NpyMatrix(header.shape().get(0), header.shape().get(1), half, channel.position());
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  private static void requireLength(Path file, FileChannel channel, NpyHeader header, int width)
      throws IOException {
    long expected = channel.position() + header.elements() * width;
    if (channel.size() != expected) {
      throw new BadInputException(
          file,
          "holds "
              + channel.size()
              + " bytes where its header "
              + header.descr()
              + " "
              + header.shape()
              + " needs "
              + expected);
    }
  }

  /**
   * Writes an array, replacing the file.
   *
   * @throws BadInputException if the file cannot be written
   */
  public static void write(Path file, NpyArray array) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int width = width(file, array.descr());
    int step = CHUNK_BYTES / width;
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      drain(channel, ByteBuffer.wrap(NpyHeader.write(array)));
      for (int from = 0; from < array.size(); ) {
        int to = from + Math.min(step, array.size() - from);
        buffer.clear();
        array.put(from, to, buffer);
        buffer.flip();
        drain(channel, buffer);
        from = to;
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    } catch (ReadOnlyFileSystemException e) {
      throw BadInputException.readOnly(file, e);
    }
  }

  private static NpyHeader header(Path file, FileChannel channel) throws IOException {
    ByteBuffer start = fill(file, channel, 8);
    boolean magic = (start.get(0) & 0xff) == 0x93;
    for (int i = 0; i < 5; i++) {
      magic &= start.get(1 + i) == "NUMPY".charAt(i);
    }
    if (!magic) {
      throw new BadInputException(file, "not a .npy file");
    }
    int major = start.get(6) & 0xff;
    int minor = start.get(7) & 0xff;
    if ((major != 1 && major != 2) || minor != 0) {
      throw new BadInputException(
          file, "is .npy version " + major + "." + minor + "; only 1.0 and 2.0 are read");
    }
    long length =
        major == 1
            ? fill(file, channel, 2).getShort(0) & 0xffffL
            : fill(file, channel, 4).getInt(0) & 0xffffffffL;
    if (length > MAX_HEADER_BYTES) {
      throw new BadInputException(
          file, "its .npy header of " + length + " bytes exceeds " + MAX_HEADER_BYTES);
    }
    ByteBuffer text = fill(file, channel, (int) length);
    return NpyHeader.parse(file, StandardCharsets.ISO_8859_1.decode(text).toString());
  }

  private static int width(Path file, String descr) {
    return switch (descr) {
      case "<f4", "<i4" -> 4;
      case "<i8" -> 8;
      default ->
          throw new BadInputException(
              file,
              "has elements of type '"
                  + descr
                  + "'; only little-endian float32, int32 and int64 are read");
    };
  }

  private static NpyArray body(Path file, FileChannel channel, NpyHeader header)
      throws IOException {
    List<Integer> shape = header.shape();
    switch (header.descr()) {
      case "<f4" -> {
        float[] floats = new float[(int) header.elements()];
        each(file, channel, floats.length, 4, (i, from) -> floats[i] = from.getFloat());
        return new NpyFloats(shape, floats);
      }
      case "<i4" -> {
        int[] ints = new int[(int) header.elements()];
        each(file, channel, ints.length, 4, (i, from) -> ints[i] = from.getInt());
        return new NpyInts(shape, ints);
      }
      default -> {
        long[] longs = new long[(int) header.elements()];
        each(file, channel, longs.length, 8, (i, from) -> longs[i] = from.getLong());
        return new NpyLongs(shape, longs);
      }
    }
  }

  private interface Element {
    void take(int index, ByteBuffer from);
  }

  private static void each(Path file, FileChannel channel, int count, int width, Element element)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < count; ) {
      int step = Math.min(CHUNK_BYTES / width, count - done);
      buffer.clear().limit(step * width);
      fill(file, channel, buffer);
      for (int i = 0; i < step; i++) {
        element.take(done + i, buffer);
      }
      done += step;
    }
  }

  private static ByteBuffer fill(Path file, FileChannel channel, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    fill(file, channel, buffer);
    return buffer;
  }

  private static void fill(Path file, FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new BadInputException(file, "ends after " + channel.size() + " bytes");
      }
    }
    buffer.flip();
  }

  private static void drain(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
