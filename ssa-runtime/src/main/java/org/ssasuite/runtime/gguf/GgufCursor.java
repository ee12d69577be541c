package org.ssasuite.runtime.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.ssasuite.core.BadInputException;

/**
 * A place in a file that moves on as values are read. No value is made before the file is known to
 * be long enough for it. Mutable, lives as long as the reading.
 */
final class GgufCursor {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final long fileBytes;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);

  /** Of the buffer's beginning. */
  private long from;

  GgufCursor(Path file, FileChannel channel, long at) throws IOException {
    this.file = file;
    this.channel = channel;
    this.fileBytes = channel.size();
    this.from = at;
  }

  long position() {
    return from + buffer.position();
  }

  /** Bytes up to the file's end. */
  long left() {
    return fileBytes - position();
  }

  int code() throws IOException {
    return require(4).getInt();
  }

  /**
   * A count or a length.
   *
   * @param what it counts, for messages
   * @param most that may be
   */
  long count(String what, long most) throws IOException {
    long count = require(8).getLong();
    if (count < 0 || count > most) {
      throw bad(
          "says that it has "
              + Long.toUnsignedString(count)
              + " "
              + what
              + "; at most "
              + most
              + " can be");
    }
    return count;
  }

  /** A text's length, which the file has left. */
  long textBytes() throws IOException {
    long bytes = require(8).getLong();
    if (bytes < 0 || bytes > left()) {
      throw bad(
          "has a text of "
              + Long.toUnsignedString(bytes)
              + " bytes at byte "
              + (position() - 8)
              + ", and "
              + left()
              + " are left");
    }
    return bytes;
  }

  /** A text of so many bytes. */
  String text(long bytes) throws IOException {
    byte[] raw = new byte[Math.toIntExact(bytes)];
    long at = position();
    if (raw.length <= BUFFER_BYTES) {
      require(raw.length).get(raw);
    } else {
      fill(ByteBuffer.wrap(raw), at);
      skip(raw.length);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      throw new BadInputException(
          file.toString(), "has a text at byte " + at + " that is no UTF-8", e);
    }
  }

  String text(String what, int most) throws IOException {
    long bytes = textBytes();
    if (bytes > most) {
      throw bad("has " + what + " of " + bytes + " bytes; at most " + most + " can be");
    }
    return text(bytes);
  }

  void skip(long bytes) throws IOException {
    if (bytes <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) bytes);
      return;
    }
    if (bytes > left()) {
      throw truncated();
    }
    from = position() + bytes;
    buffer.limit(0);
  }

  /**
   * A value that is no text and no array.
   *
   * @throws BadInputException for a whole number from 2^63 on
   */
  GgufValue number(GgufType type) throws IOException {
    ByteBuffer bytes = require(type.bytes());
    return switch (type) {
      case UINT8 -> new GgufValue.Whole(bytes.get() & 0xff);
      case INT8 -> new GgufValue.Whole(bytes.get());
      case UINT16 -> new GgufValue.Whole(bytes.getShort() & 0xffff);
      case INT16 -> new GgufValue.Whole(bytes.getShort());
      case UINT32 -> new GgufValue.Whole(bytes.getInt() & 0xffff_ffffL);
      case INT32 -> new GgufValue.Whole(bytes.getInt());
      case FLOAT32 -> GgufValue.Real.ofSingle(bytes.getFloat());
      case BOOL -> flag(bytes.get());
      case UINT64 -> {
        long number = bytes.getLong();
        if (number < 0) {
          throw bad("has a number of " + Long.toUnsignedString(number) + " in its metadata");
        }
        yield new GgufValue.Whole(number);
      }
      case INT64 -> new GgufValue.Whole(bytes.getLong());
      case FLOAT64 -> new GgufValue.Real(bytes.getDouble());
      case STRING, ARRAY -> throw new IllegalArgumentException(type + " is no number");
    };
  }

  private GgufValue flag(byte value) {
    if (value != 0 && value != 1) {
      throw bad("has a truth value of " + value + " in its metadata");
    }
    return new GgufValue.Flag(value == 1);
  }

  /** The buffer, with at least so many bytes. */
  private ByteBuffer require(int bytes) throws IOException {
    if (buffer.remaining() >= bytes) {
      return buffer;
    }
    if (bytes > left()) {
      throw truncated();
    }
    from = position();
    buffer.clear().limit((int) Math.min(BUFFER_BYTES, fileBytes - from));
    fill(buffer, from);
    return buffer.flip();
  }

  private void fill(ByteBuffer to, long at) throws IOException {
    long place = at;
    while (to.hasRemaining()) {
      int n = channel.read(to, place);
      if (n < 0) {
        throw truncated();
      }
      place += n;
    }
  }

  private BadInputException truncated() {
    return bad("is truncated: it ends after " + fileBytes + " bytes, within its header");
  }

  BadInputException bad(String fact) {
    return new BadInputException(file, fact);
  }
}
