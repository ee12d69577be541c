package org.ssasuite.core.python;

/**
 * MT19937 of Matsumoto and Nishimura (2002): 32 bits at a time, period 2^19937 − 1. Mutable, one
 * owner.
 */
final class MersenneTwister {
  private static final int SIZE = 624;
  private static final int MIDDLE = 397;
  private static final int TWIST = 0x9908B0DF;
  private static final int UPPER = 0x80000000;
  private static final int LOWER = 0x7FFFFFFF;

  private static final int BASE_SEED = 19_650_218;
  private static final int LINEAR = 1_812_433_253;
  private static final int MIX_KEY = 1_664_525;
  private static final int MIX_INDEX = 1_566_083_941;

  private final int[] state = new int[SIZE];
  private int next = SIZE;

  private MersenneTwister() {}

  /** The generator that {@code init_by_array} starts, from one word or more, as unsigned. */
  static MersenneTwister ofKey(int... key) {
    MersenneTwister generator = new MersenneTwister();
    generator.fillLinearly(BASE_SEED);
    generator.mix(key);
    return generator;
  }

  /** The generator that {@code init_genrand} starts, from one word. */
  static MersenneTwister ofSeed(int seed) {
    MersenneTwister generator = new MersenneTwister();
    generator.fillLinearly(seed);
    return generator;
  }

  /** {@code init_genrand}. */
  private void fillLinearly(int seed) {
    state[0] = seed;
    for (int i = 1; i < SIZE; i++) {
      state[i] = LINEAR * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  private void mix(int[] key) {
    int i = 1;
    for (int step = 0; step < Math.max(SIZE, key.length); step++) {
      int word = step % key.length;
      state[i] = (state[i] ^ (before(i) * MIX_KEY)) + key[word] + word;
      i = following(i);
    }
    for (int step = 0; step < SIZE - 1; step++) {
      state[i] = (state[i] ^ (before(i) * MIX_INDEX)) - i;
      i = following(i);
    }
    state[0] = UPPER;
  }

  private int before(int i) {
    return state[i - 1] ^ (state[i - 1] >>> 30);
  }

  /** The index behind i in the ring of 1 … 623; on the way round word 0 takes the last one. */
  private int following(int i) {
    if (i + 1 < SIZE) {
      return i + 1;
    }
    state[0] = state[SIZE - 1];
    return 1;
  }

  /** The next 32 bits. */
  int nextWord() {
    if (next == SIZE) {
      refill();
    }
    int word = state[next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9D2C5680;
    word ^= (word << 15) & 0xEFC60000;
    return word ^ (word >>> 18);
  }

  private void refill() {
    for (int i = 0; i < SIZE; i++) {
      int bits = (state[i] & UPPER) | (state[(i + 1) % SIZE] & LOWER);
      int twist = (bits & 1) == 0 ? 0 : TWIST;
      state[i] = state[(i + MIDDLE) % SIZE] ^ (bits >>> 1) ^ twist;
    }
    next = 0;
  }
}
