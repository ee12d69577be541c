package org.ssasuite.core.attention;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a model's card says about its attention.
 *
 * @param budget the block budget it was trained with; absent in a plain model
 * @param window the sliding window of an NSA model in tokens; absent in any other
 */
public record ModelBudget(Optional<Budget> budget, OptionalInt window) {
  public ModelBudget {
    Objects.requireNonNull(budget);
    Objects.requireNonNull(window);
  }

  /** Block size in tokens and number of blocks. */
  public record Budget(int blockSize, int blockCount) {}

  /** Of a model that knows full attention only. */
  public static ModelBudget none() {
    return new ModelBudget(Optional.empty(), OptionalInt.empty());
  }
}
