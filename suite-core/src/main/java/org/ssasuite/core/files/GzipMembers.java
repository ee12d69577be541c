package org.ssasuite.core.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks gzip (RFC 1952): members one behind the other up to the file's end. Java's own reader
 * calls itself once for each empty member, and takes whatever follows a member and is none for the
 * end, the head of a truncated member too. Mutable; not for several threads.
 */
public final class GzipMembers extends InputStream {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int DEFLATE = 8;
  private static final int HAS_HEADER_CHECK = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;

  private final InputStream packed;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 check = new CRC32();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private boolean inside;

  /**
   * Reads the first member's head.
   *
   * @throws IOException if it is none
   */
  public GzipMembers(InputStream packed) throws IOException {
    this.packed = packed;
    int first = nextOrEnd();
    if (first < 0) {
      throw new EOFException("empty");
    }
    openMember(first, "not in gzip's format");
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      if (!inside) {
        int first = nextOrEnd();
        if (first < 0) {
          return -1;
        }
        openMember(first, "something other than gzip data behind the data");
      }
      int n = inflate(target, from, length);
      if (n > 0) {
        check.update(target, from, n);
        return n;
      }
    }
  }

  /** Some bytes, or none where the member ended or more input was needed. */
  private int inflate(byte[] target, int from, int length) throws IOException {
    try {
      int n = inflater.inflate(target, from, length);
      if (n == 0 && inflater.finished()) {
        at = end - inflater.getRemaining();
        closeMember();
      } else if (n == 0 && inflater.needsDictionary()) {
        throw new ZipException("a dictionary is needed");
      } else if (n == 0) {
        requireMore();
        inflater.setInput(buffer, 0, end);
      }
      return n;
    } catch (DataFormatException e) {
      throw new ZipException(e.getMessage());
    }
  }

  private void openMember(int first, String otherwise) throws IOException {
    check.reset();
    check.update(first);
    if (first != 0x1F || header() != 0x8B) {
      throw new ZipException(otherwise);
    }
    if (header() != DEFLATE) {
      throw new ZipException("packed by another method than deflate");
    }
    int flags = header();
    skipHeader(6); // time, level, system
    if ((flags & HAS_EXTRA) != 0) {
      skipHeader(header() | header() << 8);
    }
    if ((flags & HAS_NAME) != 0) {
      skipText();
    }
    if ((flags & HAS_COMMENT) != 0) {
      skipText();
    }
    if ((flags & HAS_HEADER_CHECK) != 0) {
      long expected = check.getValue() & 0xFFFF;
      if ((next() | next() << 8) != expected) {
        throw new ZipException("corrupt head");
      }
    }
    check.reset();
    inflater.reset();
    inflater.setInput(buffer, at, end - at);
    inside = true;
  }

  private void closeMember() throws IOException {
    long stated = fourBytes();
    if (stated != check.getValue()) {
      throw new ZipException("corrupt: another check sum");
    }
    if (fourBytes() != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
      throw new ZipException("corrupt: another length");
    }
    inside = false;
  }

  private long fourBytes() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private int header() throws IOException {
    int value = next();
    check.update(value);
    return value;
  }

  private void skipHeader(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      header();
    }
  }

  private void skipText() throws IOException {
    while (header() != 0) {
      // Up to the zero behind it.
    }
  }

  private int next() throws IOException {
    int value = nextOrEnd();
    if (value < 0) {
      throw new EOFException("within a member");
    }
    return value;
  }

  private int nextOrEnd() throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    return buffer[at++] & 0xFF;
  }

  private void requireMore() throws IOException {
    if (!fill()) {
      throw new EOFException("within a member");
    }
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(packed.read(buffer, 0, BUFFER_BYTES), 0);
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    packed.close();
  }
}
