package org.ssasuite.core.testing;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;

/**
 * Checks that something holds for many random values. Each case has a seed of its own; a failure
 * names it, and {@code -Dssa.property.seed=SEED} runs that case alone.
 */
public final class Property {
  private static final String REPLAY = "ssa.property.seed";
  private static final int LONGEST_VALUE = 2_000;

  private Property() {}

  /** What must hold for a value; it fails by throwing, as assertions do. */
  @FunctionalInterface
  public interface Check<T> {
    void accept(T value) throws Exception;
  }

  /**
   * Checks {@code n} values, each made from a generator with a fresh seed.
   *
   * @throws AssertionError at the first value that fails, with its seed
   */
  public static <T> void forAll(Function<Random, T> generator, int n, Check<T> check) {
    String replay = System.getProperty(REPLAY);
    if (replay != null) {
      checkCase(Long.parseLong(replay), generator, check);
      return;
    }
    Random seeds = new Random();
    for (int i = 0; i < n; i++) {
      checkCase(seeds.nextLong(), generator, check);
    }
  }

  /** Checks the one value that this seed makes. */
  static <T> void checkCase(long seed, Function<Random, T> generator, Check<T> check) {
    T value = generator.apply(new Random(seed));
    try {
      check.accept(value);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "fails for " + text(value) + "\nreplay with -D" + REPLAY + "=" + seed + "\n" + e, e);
    }
  }

  private static String text(Object value) {
    String whole =
        value instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(value);
    return whole.length() <= LONGEST_VALUE
        ? whole
        : whole.substring(0, LONGEST_VALUE) + "… (" + whole.length() + " characters)";
  }

  /** Strings of up to {@code longest} code points from the given ones. */
  public static Function<Random, String> strings(String alphabet, int longest) {
    int[] codePoints = alphabet.codePoints().toArray();
    return random -> {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(longest + 1);
      for (int i = 0; i < length; i++) {
        text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
      }
      return text.toString();
    };
  }
}
