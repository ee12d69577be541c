package org.ssasuite.core.python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Python 3's {@code random.Random}, draw for draw. Mutable, one owner.
 *
 * <p>Reference: CPython 3.11, {@code Lib/random.py} and {@code Modules/_randommodule.c}.
 */
public final class PythonRandom {
  private static final int WORD_BITS = 32;

  /** Bits of the largest whole number that a {@code long} holds. */
  private static final int LONG_BITS = 63;

  private final MersenneTwister words;

  /**
   * {@code random.Random(seed)} for a whole number.
   *
   * @param seed 0 or more; Python would drop the sign
   */
  public PythonRandom(long seed) {
    if (seed < 0) {
      throw new IllegalArgumentException("seed " + seed + " is negative");
    }
    int low = (int) seed;
    int high = (int) (seed >>> WORD_BITS);
    this.words = high == 0 ? MersenneTwister.ofKey(low) : MersenneTwister.ofKey(low, high);
  }

  /** {@code random()}: uniform in [0, 1), a multiple of 2^−53. */
  public double random() {
    long upper = word(27);
    long lower = word(26);
    return (upper * 0x1p26 + lower) * 0x1p-53;
  }

  /**
   * {@code getrandbits(bits)}.
   *
   * @param bits 0 or more
   */
  public BigInteger getrandbits(int bits) {
    if (bits < 0) {
      throw new IllegalArgumentException(bits + " random bits");
    }
    BigInteger value = BigInteger.ZERO;
    for (int done = 0; done < bits; done += WORD_BITS) {
      long word = word(Math.min(WORD_BITS, bits - done));
      value = value.or(BigInteger.valueOf(word).shiftLeft(done));
    }
    return value;
  }

  /** The upper bits of one word, 1 to 32 of them, as an unsigned number. */
  private long word(int bits) {
    return Integer.toUnsignedLong(words.nextWord()) >>> (WORD_BITS - bits);
  }

  /**
   * {@code randrange(n)}: draws as many bits as n has until they are below n.
   *
   * @param n 1 or more
   */
  public long below(long n) {
    if (n < 1) {
      throw new IllegalArgumentException("a random number below " + n);
    }
    int bits = Long.SIZE - Long.numberOfLeadingZeros(n);
    long value;
    do {
      value = bits <= WORD_BITS ? word(bits) : word(WORD_BITS) | word(bits - WORD_BITS) << 32;
    } while (value >= n);
    return value;
  }

  /** The same for an {@code int}. */
  public int below(int n) {
    return (int) below((long) n);
  }

  /**
   * {@code randint(low, high)}: both ends included.
   *
   * @throws IllegalArgumentException for an empty range, and one of 2^63 numbers or more
   */
  public long randint(long low, long high) {
    BigInteger count =
        BigInteger.valueOf(high).subtract(BigInteger.valueOf(low)).add(BigInteger.ONE);
    if (count.signum() < 1 || count.bitLength() > LONG_BITS) {
      throw new IllegalArgumentException("a random number from " + low + " to " + high);
    }
    return low + below(count.longValue());
  }

  /** {@code choice(population)} of at least one. */
  public <T> T choice(List<T> population) {
    return population.get(below(population.size()));
  }

  /** {@code shuffle(list)}, in place. */
  public void shuffle(List<?> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      Collections.swap(list, i, below(i + 1));
    }
  }

  /** {@code sample(population, count)}, in the order of the draws. */
  public <T> List<T> sample(List<T> population, int count) {
    return sample(population.size(), count).stream().<T>map(population::get).toList();
  }

  /**
   * {@code sample(range(n), count)}: different numbers in the order of the draws.
   *
   * @throws IllegalArgumentException if count is negative or above n
   */
  public List<Integer> sample(int n, int count) {
    if (count < 0 || count > n) {
      throw new IllegalArgumentException("a sample of " + count + " out of " + n);
    }
    return n <= setSize(count) ? sampleFromPool(n, count) : sampleWithSet(n, count);
  }

  /**
   * What Python reckons a set of so many numbers to take: a population above it is not copied. The
   * two ways draw different numbers.
   */
  private static long setSize(int count) {
    long size = 21;
    if (count > 5) {
      long power = 1;
      while (power < 3L * count) {
        power *= 4;
      }
      size += power;
    }
    return size;
  }

  private List<Integer> sampleFromPool(int n, int count) {
    List<Integer> pool = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    List<Integer> chosen = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int at = below(n - i);
      chosen.add(pool.get(at));
      pool.set(at, pool.get(n - i - 1));
    }
    return chosen;
  }

  private List<Integer> sampleWithSet(int n, int count) {
    Set<Integer> seen = new HashSet<>();
    List<Integer> chosen = new ArrayList<>(count);
    while (chosen.size() < count) {
      int number = below(n);
      if (seen.add(number)) {
        chosen.add(number);
      }
    }
    return chosen;
  }

  /**
   * {@code choices(population, k=count)} without weights: with repetition.
   *
   * @param population at least one
   * @param count 0 or more
   */
  public <T> List<T> choices(List<T> population, int count) {
    if (population.isEmpty() || count < 0) {
      throw new IllegalArgumentException(count + " choices out of " + population.size());
    }
    return IntStream.range(0, count)
        .<T>mapToObj(i -> population.get((int) (random() * population.size())))
        .toList();
  }
}
