package org.ssasuite.core.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import org.ssasuite.core.BadInputException;

/** The pages of a column in a row group, one behind the other. Mutable. */
final class Pages {
  private static final int FIRST_WINDOW = 1 << 12;
  private static final int MOST_HEADER = 1 << 24;

  private final FileChannel file;
  private final Spot spot;
  private final Allowance allowance;
  private final long end;
  private long at;

  /** A page with its bytes as they lie in the file. */
  static final class Page {
    private final PageHeader header;
    private final byte[] stored;

    private Page(PageHeader header, byte[] stored) {
      this.header = header;
      this.stored = stored;
    }

    PageHeader header() {
      return header;
    }

    byte[] stored() {
      return stored;
    }
  }

  Pages(FileChannel file, Footer.Chunk chunk, long fileEnd, Spot spot, Allowance allowance) {
    this.file = file;
    this.spot = spot;
    this.allowance = allowance;
    this.at = chunk.start();
    this.end = chunk.start() + chunk.bytes();
    if (chunk.start() < 0 || chunk.bytes() < 0 || end < 0 || end > fileEnd) {
      throw spot.bad("lies outside of the file");
    }
  }

  Page next() throws IOException {
    PageHeader header = header();
    if (header.bytes() > end - at) {
      throw spot.bad("a page of " + header.bytes() + " bytes reaches beyond its column");
    }
    allowance.bytes(header.unpacked());
    byte[] stored = bytes(header.bytes());
    at += stored.length;
    if (header.check().isPresent()) {
      CRC32 check = new CRC32();
      check.update(stored);
      if ((int) check.getValue() != header.check().getAsInt()) {
        throw spot.bad("a page is corrupt: another check sum");
      }
    }
    return new Page(header, stored);
  }

  /** A header's length shows when it has been read; statistics in it may be long. */
  private PageHeader header() throws IOException {
    for (int window = FIRST_WINDOW; ; window *= 16) {
      int length = (int) Math.min(window, end - at);
      ThriftReader reader = new ThriftReader(bytes(length), spot);
      try {
        PageHeader header = PageHeader.of(reader.struct(), spot);
        at += reader.position();
        return header;
      } catch (EOFException e) {
        if (length == end - at || window >= MOST_HEADER) {
          throw new BadInputException(
              spot.file().toString(), spot.where() + ": ends before its last value", e);
        }
      }
    }
  }

  private byte[] bytes(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw spot.bad("the file ends within it");
      }
    }
    return bytes.array();
  }
}
