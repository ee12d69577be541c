package org.ssasuite.trainer.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.GitPointer;
import org.ssasuite.core.files.RegularFile;

/**
 * A file of unsigned numbers of one width, of any size, read where it is asked for. It must stay
 * what it was: a map of it would end the process when the file is cut, and give other numbers in
 * silence when it is written to. So each reading looks at the file's length and time, and where
 * those have changed, at its digest. Safe for several threads.
 */
final class NumberFile {
  /** Read at once around a single number: neighbours are mostly next. */
  private static final int WINDOW = 1 << 13;

  private final Path file;
  private final TokenWidth width;
  private final long count;
  private final String digest;
  private Stamp stamp;

  private int[] window = {};
  private long windowStart;

  private NumberFile(Path file, TokenWidth width, Stamp stamp, String digest) {
    this.file = file;
    this.width = width;
    this.count = stamp.bytes / width.bytes();
    this.digest = digest;
    this.stamp = stamp;
  }

  private record Stamp(long bytes, FileTime changed) {
    static Stamp of(Path file) throws IOException {
      return new Stamp(Files.size(file), Files.getLastModifiedTime(file));
    }
  }

  /**
   * Opens a file: reads all of it, for its digest.
   *
   * @throws BadInputException if it is missing or its size is no multiple of the width
   */
  static NumberFile open(Path file, TokenWidth width) {
    GitPointer.refuse(file);
    RegularFile.require(file);
    try {
      // In this order: a change while the digest is taken is one afterwards.
      Stamp stamp = Stamp.of(file);
      if (stamp.bytes % width.bytes() != 0) {
        throw new BadInputException(
            file, "has " + stamp.bytes + " bytes, no multiple of " + width.bytes());
      }
      return new NumberFile(file, width, stamp, Digests.sha256(file));
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  long count() {
    return count;
  }

  /** SHA-256 of the file. */
  String digest() {
    return digest;
  }

  synchronized int at(long index) {
    if (index < windowStart || index >= windowStart + window.length) {
      int length = (int) Math.min(WINDOW, count - index);
      int[] next = new int[length];
      read(index, next, 0, length);
      window = next;
      windowStart = index;
    }
    return window[(int) (index - windowStart)];
  }

  /**
   * Copies numbers {@code from} to {@code from + length − 1}, which there must be.
   *
   * @throws BadInputException if the file is not any more what it was
   */
  void read(long from, int[] target, int offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length * width.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = RegularFile.channel(file)) {
      long at = from * width.bytes();
      while (bytes.hasRemaining()) {
        int n = channel.read(bytes, at + bytes.position());
        if (n < 0) {
          throw new BadInputException(
              file, "has become shorter since it was opened: it had " + count + " numbers");
        }
      }
      // After the reading, so that whatever changed before or during it shows.
      requireUnchanged();
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
    for (int i = 0; i < length; i++) {
      target[offset + i] = width.get(bytes, i * width.bytes());
    }
  }

  private synchronized void requireUnchanged() throws IOException {
    Stamp now = Stamp.of(file);
    if (now.equals(stamp)) {
      return;
    }
    String found = Digests.sha256(file);
    if (!found.equals(digest)) {
      throw new BadInputException(
          file, "has changed since it was opened: SHA-256 " + found + ", not " + digest);
    }
    stamp = now; // touched, or another file of the same content
  }
}
