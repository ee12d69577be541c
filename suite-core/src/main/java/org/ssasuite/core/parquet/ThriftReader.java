package org.ssasuite.core.parquet;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads structs of Thrift's compact protocol, which footers and page headers are written in.
 * Mutable.
 *
 * <p>Source: {@code doc/specs/thrift-compact-protocol.md} of the Thrift repository.
 */
final class ThriftReader {
  private static final int MOST_LEVELS = 32;

  /** A footer has some thirty for each column of each row group. */
  private static final int MOST_PIECES = 2_000_000;

  private static final int STOP = 0;
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int BYTE = 3;
  private static final int I16 = 4;
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int DOUBLE = 7;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int SET = 10;
  private static final int MAP = 11;
  private static final int STRUCT = 12;
  private static final int UUID = 13;
  private static final int UUID_BYTES = 16;
  private static final int LONG_LIST = 15;

  private final byte[] bytes;
  private final Spot spot;
  private int at;
  private int pieces;

  ThriftReader(byte[] bytes, Spot spot) {
    this.bytes = bytes;
    this.spot = spot;
  }

  /** How many bytes have been read. */
  int position() {
    return at;
  }

  /**
   * The next struct.
   *
   * @throws EOFException if the bytes end within it
   * @throws org.ssasuite.core.BadInputException if it is none
   */
  ThriftStruct struct() throws EOFException {
    return struct(0);
  }

  private ThriftStruct struct(int level) throws EOFException {
    if (level > MOST_LEVELS) {
      throw spot.bad("is nested more than " + MOST_LEVELS + " deep");
    }
    Map<Integer, Object> fields = new HashMap<>();
    int field = 0;
    for (int head = next(); (head & 0x0F) != STOP; head = next()) {
      int step = head >> 4;
      field = step == 0 ? (int) zigzag() : field + step;
      int type = head & 0x0F;
      Object value =
          type == TRUE || type == FALSE ? Boolean.valueOf(type == TRUE) : value(type, level);
      if (fields.put(field, value) != null) {
        throw spot.bad("has a field twice");
      }
      count();
    }
    return new ThriftStruct(fields, spot);
  }

  private Object value(int type, int level) throws EOFException {
    return switch (type) {
      case TRUE, FALSE -> next() == TRUE; // of a list, where each has a byte
      case BYTE -> (long) (byte) next();
      case I16, I32, I64 -> zigzag();
      case DOUBLE -> ByteBuffer.wrap(take(Double.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getDouble();
      case BINARY -> take(length());
      case LIST, SET -> list(level);
      case MAP -> map(level);
      case STRUCT -> struct(level + 1);
      case UUID -> take(UUID_BYTES);
      default -> throw spot.bad("has a value of unknown type " + type);
    };
  }

  private List<Object> list(int level) throws EOFException {
    int head = next();
    int size = (head >> 4) == LONG_LIST ? length() : head >> 4;
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(value(head & 0x0F, level + 1));
      count();
    }
    return values;
  }

  /** Nothing that is read here is one; its keys and values stand one behind the other. */
  private List<Object> map(int level) throws EOFException {
    int size = length();
    List<Object> values = new ArrayList<>();
    int types = size == 0 ? 0 : next();
    for (int i = 0; i < size; i++) {
      values.add(value(types >> 4, level + 1));
      values.add(value(types & 0x0F, level + 1));
      count();
    }
    return values;
  }

  private void count() {
    pieces++;
    if (pieces > MOST_PIECES) {
      throw spot.bad("has more than " + MOST_PIECES + " pieces");
    }
  }

  /** A number of bytes or elements; of each there is a byte at least. */
  private int length() throws EOFException {
    long length = varint();
    if (length < 0 || length > bytes.length - at) {
      throw new EOFException("a length of " + length);
    }
    return (int) length;
  }

  private byte[] take(int length) throws EOFException {
    if (length > bytes.length - at) {
      throw new EOFException("within a value");
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  private long zigzag() throws EOFException {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  private long varint() throws EOFException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = next();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw spot.bad("has a number of more than 64 bits");
  }

  private int next() throws EOFException {
    if (at == bytes.length) {
      throw new EOFException("within a struct");
    }
    return bytes[at++] & 0xFF;
  }
}
