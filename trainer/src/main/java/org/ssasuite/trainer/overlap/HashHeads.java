package org.ssasuite.trainer.overlap;

import java.util.Arrays;

/** A number for each of many 64-bit hashes; open addressing. Mutable, one owner. */
final class HashHeads {
  /** What {@link #get} gives for a hash that is not there: no entry has this number. */
  static final int NONE = -1;

  private long[] hashes = new long[1 << 12];
  private int[] heads = filled(1 << 12);
  private int size;

  private static int[] filled(int length) {
    int[] heads = new int[length];
    Arrays.fill(heads, NONE);
    return heads;
  }

  int get(long hash) {
    return heads[slot(hash)];
  }

  void put(long hash, int head) {
    int slot = slot(hash);
    if (heads[slot] == NONE) {
      size++;
      hashes[slot] = hash;
    }
    heads[slot] = head;
    if (2 * size > hashes.length) {
      grow();
    }
  }

  private int slot(long hash) {
    int mask = hashes.length - 1;
    int slot = (int) hash & mask;
    while (heads[slot] != NONE && hashes[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldHashes = hashes;
    int[] oldHeads = heads;
    hashes = new long[Math.multiplyExact(2, oldHashes.length)];
    heads = filled(hashes.length);
    for (int i = 0; i < oldHashes.length; i++) {
      if (oldHeads[i] != NONE) {
        int slot = slot(oldHashes[i]);
        hashes[slot] = oldHashes[i];
        heads[slot] = oldHeads[i];
      }
    }
  }
}
