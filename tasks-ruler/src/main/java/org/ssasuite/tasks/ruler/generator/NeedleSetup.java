package org.ssasuite.tasks.ruler.generator;

import java.math.BigInteger;
import java.util.Locale;
import java.util.UUID;
import org.ssasuite.core.python.PythonRandom;

/**
 * What a needle task hides where.
 *
 * @param keys how many keys have needles; at least {@code queries}
 * @param values needles of each key
 * @param queries keys that are asked for
 */
public record NeedleSetup(
    Haystack haystack, Kind keyKind, Kind valueKind, int keys, int values, int queries) {
  public NeedleSetup {
    if (values < 1 || queries < 1 || keys < queries) {
      throw new IllegalArgumentException(
          keys + " keys with " + values + " values, " + queries + " queries");
    }
  }

  /** What needles are hidden in. */
  public enum Haystack {
    NOISE,
    ESSAY,
    NEEDLES
  }

  /** What keys and values are. */
  public enum Kind {
    WORDS {
      @Override
      String draw(PythonRandom random, NeedleWords words) {
        return words.draw(random);
      }
    },
    NUMBERS {
      @Override
      String draw(PythonRandom random, NeedleWords words) {
        return String.valueOf(random.randint(LEAST_NUMBER, MOST_NUMBER));
      }
    },
    UUIDS {
      @Override
      String draw(PythonRandom random, NeedleWords words) {
        return uuid(random.getrandbits(UUID_BITS));
      }
    };

    private static final long LEAST_NUMBER = 1_000_000;
    private static final long MOST_NUMBER = 9_999_999;
    private static final int UUID_BITS = 128;

    abstract String draw(PythonRandom random, NeedleWords words);

    /** {@code str(uuid.UUID(int=bits, version=4))}: six bits say version and variant. */
    private static String uuid(BigInteger bits) {
      long high = bits.shiftRight(Long.SIZE).longValue();
      long low = bits.longValue();
      high = (high & ~0xF000L) | 0x4000L;
      low = (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low).toString();
    }

    /** As templates name them. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  boolean singleAnswer() {
    return queries * values == 1;
  }
}
