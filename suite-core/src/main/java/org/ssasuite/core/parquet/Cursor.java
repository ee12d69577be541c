package org.ssasuite.core.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A stretch of unpacked bytes that is read from its beginning. Mutable. */
final class Cursor {
  private final ByteBuffer bytes;
  private final Spot spot;

  Cursor(byte[] bytes, Spot spot) {
    this(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), spot);
  }

  private Cursor(ByteBuffer bytes, Spot spot) {
    this.bytes = bytes;
    this.spot = spot;
  }

  Spot spot() {
    return spot;
  }

  int rest() {
    return bytes.remaining();
  }

  int next() {
    require(1);
    return bytes.get() & 0xFF;
  }

  int fourBytes() {
    require(Integer.BYTES);
    return bytes.getInt();
  }

  long eightBytes() {
    require(Long.BYTES);
    return bytes.getLong();
  }

  byte[] take(int length) {
    require(length);
    byte[] taken = new byte[length];
    bytes.get(taken);
    return taken;
  }

  /** The next bytes as a stretch of their own, which are passed over here. */
  Cursor split(int length) {
    require(length);
    ByteBuffer part = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + length);
    return new Cursor(part, spot);
  }

  /** A byte at a place from here on, which is not passed over. */
  int peek(long offset) {
    if (offset < 0 || offset >= bytes.remaining()) {
      throw spot.bad("a page ends before its last value");
    }
    return bytes.get(bytes.position() + (int) offset) & 0xFF;
  }

  void skip(int length) {
    require(length);
    bytes.position(bytes.position() + length);
  }

  /** A number of seven bits a byte, the lowest first. */
  long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = next();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw spot.bad("a page has a number of more than 64 bits");
  }

  /** The same with its sign in the lowest bit. */
  long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /**
   * A whole number of some bits at a place that is counted in bits from here, the lowest first;
   * nothing is passed over.
   *
   * @param width 0 to 64
   */
  long bits(long from, int width) {
    long value = 0;
    int have = 0;
    while (have < width) {
      long place = from + have;
      int inByte = (int) (place & 7);
      int taken = Math.min(Byte.SIZE - inByte, width - have);
      long piece = (peek(place >> 3) >> inByte) & ((1 << taken) - 1);
      value |= piece << have;
      have += taken;
    }
    return value;
  }

  private void require(int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw spot.bad("a page ends before its last value");
    }
  }
}
