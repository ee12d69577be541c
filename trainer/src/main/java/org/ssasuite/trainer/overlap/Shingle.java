package org.ssasuite.trainer.overlap;

/**
 * The last words of a text as it goes by, by their numbers, and a hash of them that takes one step
 * per word: the sum of word · B^age modulo 2^64, mixed. Mutable, one owner.
 */
final class Shingle {
  /** Odd, so that no power of it vanishes; the golden ratio's bits. */
  private static final long BASE = 0x9E3779B97F4A7C15L;

  private final int[] words;
  private final int[] offsets;
  private final long oldest;

  private long sum;
  private long count;
  private int run;

  /** Of so many words. */
  Shingle(int size) {
    this.words = new int[size];
    this.offsets = new int[size];
    long power = 1;
    for (int i = 0; i < size; i++) {
      power *= BASE;
    }
    this.oldest = power;
  }

  /** A new text, or a word that no shingle can hold. */
  void clear() {
    sum = 0;
    run = 0;
  }

  /**
   * Takes the next word.
   *
   * @return whether there is a whole shingle now
   */
  boolean push(int word, int offset) {
    int slot = (int) (count % words.length);
    sum = sum * BASE + (word + 1L);
    if (run >= words.length) {
      sum -= (words[slot] + 1L) * oldest;
    }
    words[slot] = word;
    offsets[slot] = offset;
    count++;
    run++;
    return run >= words.length;
  }

  /** The hash of the shingle; where bits are needed all over. */
  long hash() {
    long h = sum;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }

  /** Word i of the shingle, the oldest first. */
  int word(int i) {
    return words[(int) ((count + i) % words.length)];
  }

  /** Where its first word begins in the text. */
  int offset() {
    return offsets[(int) (count % words.length)];
  }
}
