package org.ssasuite.trainer.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Texts that were seen, by the first 128 bits of their SHA-256: two different texts among 10^9 fall
 * together with probability 10^−21. Open addressing, 16 bytes a place, at most half of them taken.
 * Mutable, one owner.
 */
final class DigestSet {
  private long[] table = new long[1 << 12];
  private int size;

  private final MessageDigest digest;

  DigestSet() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Takes a text in; false if it was there. */
  boolean add(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    long first = bytes.getLong();
    // A pair of zeros marks a free place.
    long second = bytes.getLong() | 1;
    if (4L * size >= table.length) {
      grow();
    }
    return put(first, second);
  }

  private boolean put(long first, long second) {
    int mask = table.length - 1;
    int at = (int) (first << 1) & mask;
    while (table[at + 1] != 0) {
      if (table[at] == first && table[at + 1] == second) {
        return false;
      }
      at = (at + 2) & mask;
    }
    table[at] = first;
    table[at + 1] = second;
    size++;
    return true;
  }

  private void grow() {
    if (table.length > 1 << 29) {
      throw new IllegalStateException("more than " + size + " different documents");
    }
    long[] old = table;
    table = new long[2 * old.length];
    size = 0;
    for (int i = 0; i < old.length; i += 2) {
      if (old[i + 1] != 0) {
        put(old[i], old[i + 1]);
      }
    }
  }
}
