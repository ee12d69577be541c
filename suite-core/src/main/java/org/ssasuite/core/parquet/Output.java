package org.ssasuite.core.parquet;

/** Bytes that grow by pieces, and by copies of what is there already. Mutable. */
final class Output {
  private final byte[] bytes;
  private final Spot spot;
  private int size;

  Output(int room, Spot spot) {
    this.bytes = new byte[room];
    this.spot = spot;
  }

  int room() {
    return bytes.length;
  }

  /** The next bytes of a stretch. */
  void put(Cursor in, int length) {
    require(length);
    byte[] piece = in.take(length);
    System.arraycopy(piece, 0, bytes, size, length);
    size += length;
  }

  /** Bytes from some distance back, which may reach into the copy itself. */
  void copy(int distance, int length) {
    require(length);
    if (distance <= 0 || distance > size) {
      throw spot.bad("a page copies from " + distance + " bytes back, where " + size + " are");
    }
    for (int i = 0; i < length; i++) {
      bytes[size] = bytes[size - distance];
      size++;
    }
  }

  /** All bytes, as many as there was room for. */
  byte[] whole() {
    if (size != bytes.length) {
      throw spot.bad("a page unpacks to another size than it states");
    }
    return bytes;
  }

  private void require(int length) {
    if (length < 0 || length > bytes.length - size) {
      throw spot.bad("a page unpacks to another size than it states");
    }
  }
}
