package org.ssasuite.core.python;

/**
 * NumPy's legacy generator, {@code numpy.random.seed} and what draws from it, draw for draw.
 * Mutable, one owner.
 *
 * <p>Reference: NumPy 1.26, {@code numpy/random/mtrand.pyx} and {@code
 * numpy/random/src/distributions/distributions.c}. A whole-number seed goes through {@code
 * init_genrand}, not {@code init_by_array} as Python's own generator.
 */
public final class NumpyRandom {
  private static final long MOST_WORDS = 1L << 32;

  private final MersenneTwister words;

  /**
   * {@code numpy.random.seed(seed)}.
   *
   * @param seed 0 to 2^32 − 1
   */
  public NumpyRandom(long seed) {
    if (seed < 0 || seed >= MOST_WORDS) {
      throw new IllegalArgumentException("seed " + seed + " is no unsigned 32-bit number");
    }
    this.words = MersenneTwister.ofSeed((int) seed);
  }

  /**
   * {@code numpy.random.randint(low, high)}: draws words, cut to the bits of the largest number,
   * until one is in the range.
   *
   * @param low the least number
   * @param high above the largest number; at most 2^32 above {@code low}
   */
  public long randint(long low, long high) {
    long largest = high - low - 1;
    if (largest < 0 || largest >= MOST_WORDS) {
      throw new IllegalArgumentException("a random number from " + low + " to below " + high);
    }
    if (largest == 0) {
      return low;
    }
    long mask = (Long.highestOneBit(largest) << 1) - 1;
    long value;
    do {
      value = words.nextWord() & mask;
    } while (value > largest);
    return low + value;
  }
}
