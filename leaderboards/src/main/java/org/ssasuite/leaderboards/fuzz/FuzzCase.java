package org.ssasuite.leaderboards.fuzz;

import java.util.SplittableRandom;

/**
 * One spoilt file for one reader. The same seed, reader and number give the same file.
 *
 * @param number from 0
 */
record FuzzCase(FuzzedReader reader, long seed, int number) {
  Mutant mutant() {
    return reader.seed().mutant(new SplittableRandom(seedOfCase()));
  }

  private long seedOfCase() {
    long hash = seed;
    for (int i = 0; i < reader.name().length(); i++) {
      hash = hash * 1_000_003 + reader.name().charAt(i);
    }
    return hash * 1_000_000_007L + number;
  }
}
