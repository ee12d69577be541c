package org.ssasuite.core.files;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.zip.ZipException;
import org.ssasuite.core.BadInputException;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.XZIOException;
import org.tukaani.xz.XZInputStream;

/** Streams that unpack by a file's name, bounded, complete or failing. */
final class Unpacking {
  private static final int BUFFER_BYTES = 1 << 16;

  /** What the highest preset of xz needs; more is an attack or a mistake. */
  private static final int XZ_MEMORY_KIB = 66 << 10;

  private Unpacking() {}

  static boolean isPacked(Path file) {
    String name = name(file);
    return name.endsWith(".gz") || name.endsWith(".xz") || name.endsWith(".zst");
  }

  private static String name(Path file) {
    return file.toString().toLowerCase(Locale.ROOT);
  }

  /** Takes over the stream, which is closed if its head is no good. */
  static InputStream open(Path file, InputStream packed) throws IOException {
    try {
      BufferedInputStream in = new BufferedInputStream(packed, BUFFER_BYTES);
      String name = name(file);
      if (name.endsWith(".gz")) {
        return new GzipMembers(in);
      }
      if (name.endsWith(".xz")) {
        // A file of many small blocks asks for a dictionary each: they get the same one.
        return new XZInputStream(in, XZ_MEMORY_KIB, true, new BasicArrayCache());
      }
      if (name.endsWith(".zst")) {
        requireContent(in);
        ZstdLibrary.locate();
        return new ZstdInputStream(new SingleBytesLast(in, Files.size(file)));
      }
      return in;
    } catch (IOException e) {
      packed.close();
      throw e;
    }
  }

  /** Zstandard's reader takes an empty file for an empty text; the other two do not. */
  private static void requireContent(InputStream in) throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      throw new EOFException("empty");
    }
    in.reset();
  }

  /**
   * Zstandard's reader notices a truncated frame only where it has to read once more inside it. The
   * head of a frame that came along with the end of the one before would go unnoticed, so the last
   * bytes, as many as a head can have, are handed out one by one.
   */
  private static final class SingleBytesLast extends FilterInputStream {
    private static final int LONGEST_HEAD_BYTES = 18;

    private long rest;

    SingleBytesLast(InputStream in, long size) {
      super(in);
      this.rest = size;
    }

    @Override
    public int read() throws IOException {
      rest--;
      return super.read();
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int most = (int) Math.min(length, Math.max(1, rest - LONGEST_HEAD_BYTES));
      int n = super.read(buffer, from, most);
      rest -= Math.max(n, 0);
      return n;
    }
  }

  /** Fails as soon as more than {@code limit} bytes come out. */
  static InputStream bounded(InputStream in, long limit, Supplier<BadInputException> failure) {
    return new Bounded(in, limit, failure);
  }

  /**
   * Tells a file that cannot be read from one whose content is no good.
   *
   * @param where how far its content was good, to go behind the fact; may be empty
   */
  static BadInputException failure(Path file, String where, IOException cause) {
    if (cause instanceof FileSystemException) {
      return BadInputException.io(file, cause);
    }
    if (cause instanceof EOFException) {
      return new BadInputException(file.toString(), "truncated" + where, cause);
    }
    boolean content =
        cause instanceof ZipException
            || cause instanceof XZIOException
            || cause instanceof ZstdIOException;
    return content
        ? new BadInputException(
            file.toString(), "truncated or corrupt" + where + ": " + cause.getMessage(), cause)
        : BadInputException.io(file, cause);
  }

  private static final class Bounded extends FilterInputStream {
    private final long limit;
    private final Supplier<BadInputException> failure;
    private long count;

    Bounded(InputStream in, long limit, Supplier<BadInputException> failure) {
      super(in);
      this.limit = limit;
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int n = super.read(buffer, from, length);
      count(Math.max(n, 0));
      return n;
    }

    private void count(int more) {
      count += more;
      if (count > limit) {
        throw failure.get();
      }
    }
  }
}
