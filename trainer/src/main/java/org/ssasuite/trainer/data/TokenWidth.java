package org.ssasuite.trainer.data;

import java.nio.ByteBuffer;

/** How wide a token id lies in a file: unsigned, little-endian. */
enum TokenWidth {
  UINT16(Short.BYTES) {
    @Override
    int get(ByteBuffer bytes, int at) {
      return Short.toUnsignedInt(bytes.getShort(at));
    }

    @Override
    void put(ByteBuffer bytes, int id) {
      bytes.putShort((short) id);
    }
  },
  UINT32(Integer.BYTES) {
    @Override
    int get(ByteBuffer bytes, int at) {
      return bytes.getInt(at);
    }

    @Override
    void put(ByteBuffer bytes, int id) {
      bytes.putInt(id);
    }
  };

  private static final int MOST_IN_UINT16 = 1 << 16;

  private final int bytes;

  TokenWidth(int bytes) {
    this.bytes = bytes;
  }

  /** The narrowest that a vocabulary of so many ids fits into. */
  static TokenWidth of(int vocabulary) {
    return vocabulary <= MOST_IN_UINT16 ? UINT16 : UINT32;
  }

  int bytes() {
    return bytes;
  }

  abstract int get(ByteBuffer bytes, int at);

  abstract void put(ByteBuffer bytes, int id);
}
