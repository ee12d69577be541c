package org.ssasuite.trainer.run;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The share of keys that get a gradient through a query, by the rank of the key's attention weight
 * at that query under full attention, the largest first.
 *
 * @param shares one for each of {@link #RANKS}, 0 to 1; absent where no query has so many keys
 */
public record Coverage(List<OptionalDouble> shares) {
  /** The last rank of each bucket but the last one, which has no end. */
  public static final List<Integer> RANKS = List.of(16, 64, 256, 1024, Integer.MAX_VALUE);

  public Coverage {
    shares = List.copyOf(shares);
    if (shares.size() != RANKS.size()) {
      throw new IllegalArgumentException(shares.size() + " shares for " + RANKS.size() + " ranks");
    }
  }

  /** The bucket of a rank from 0. */
  private static int bucket(int rank) {
    int bucket = 0;
    while (rank >= RANKS.get(bucket)) {
      bucket++;
    }
    return bucket;
  }

  /** Counts keys. Mutable. */
  static final class Count {
    private final long[] keys = new long[RANKS.size()];
    private final long[] reached = new long[RANKS.size()];

    void add(int rank, boolean hasGradient) {
      int bucket = bucket(rank);
      keys[bucket]++;
      reached[bucket] += hasGradient ? 1 : 0;
    }

    Coverage coverage() {
      List<OptionalDouble> shares = new ArrayList<>();
      for (int i = 0; i < keys.length; i++) {
        shares.add(
            keys[i] == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) reached[i] / keys[i]));
      }
      return new Coverage(shares);
    }
  }
}
