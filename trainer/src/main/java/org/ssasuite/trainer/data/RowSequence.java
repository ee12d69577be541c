package org.ssasuite.trainer.data;

import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.trainer.recipe.RowOrder;

/**
 * Which row comes when, epoch after epoch. Shuffled, epoch e has the order of Python's {@code
 * random.Random(seed + 2**32 * e).shuffle(list(range(rows)))}.
 */
final class RowSequence {
  private static final int SEED_BITS = 32;

  private final int rows;
  private final RowOrder order;
  private final long seed;

  /** Of the epoch that was asked for last; replaced as a whole. */
  private volatile Epoch latest;

  // Nobody outside sees the array.
  @SuppressWarnings("ArrayRecordComponent")
  private record Epoch(long number, int[] rows) {}

  /**
   * An order.
   *
   * @param rows 1 or more
   * @param seed 0 to 2^32 − 1; not read in file order
   */
  RowSequence(int rows, RowOrder order, long seed) {
    this.rows = rows;
    this.order = order;
    this.seed = seed;
    this.latest = new Epoch(0, order == RowOrder.SHUFFLED ? shuffled(0) : new int[0]);
  }

  int rows() {
    return rows;
  }

  /** The row at a place of the endless sequence, from 0. */
  int row(long place) {
    long number = place / rows;
    int within = (int) (place % rows);
    if (order == RowOrder.FILE) {
      return within;
    }
    Epoch epoch = latest;
    if (epoch.number() != number) {
      epoch = new Epoch(number, shuffled(number));
      latest = epoch;
    }
    return epoch.rows()[within];
  }

  private int[] shuffled(long epoch) {
    int[] numbers = new int[rows];
    for (int i = 0; i < rows; i++) {
      numbers[i] = i;
    }
    PythonRandom random = new PythonRandom(seed + (epoch << SEED_BITS));
    for (int i = rows - 1; i > 0; i--) {
      int j = random.below(i + 1);
      int moved = numbers[i];
      numbers[i] = numbers[j];
      numbers[j] = moved;
    }
    return numbers;
  }
}
