package org.ssasuite.runtime;

import java.util.List;
import org.ssasuite.runtime.observation.Watch;

/**
 * One sequence that goes through the model, and which of its successors are rated. Immutable by
 * agreement: the arrays are not to be changed.
 *
 * @param tokens [n] ids, at positions 0 … n − 1
 * @param rows [r] indices of tokens whose successor is rated
 * @param targets [r] those successors
 * @param watches what watches it on its way
 * @param forced blocks that it has to take
 */
// Arrays on purpose: they go to native code as they are.
@SuppressWarnings("ArrayRecordComponent")
record Pass(int[] tokens, int[] rows, int[] targets, List<Watch> watches, ForcedBlocks forced) {
  Pass {
    watches = List.copyOf(watches);
    if (tokens.length == 0 || rows.length != targets.length) {
      throw new IllegalArgumentException(
          tokens.length + " tokens, " + rows.length + " rows, " + targets.length + " targets");
    }
  }

  /** Rates the last {@code targets.length} successors of the tokens. */
  static Pass ratingLast(int[] tokens, int[] targets) {
    int[] rows = new int[targets.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = tokens.length - targets.length + i;
    }
    return new Pass(tokens, rows, targets, List.of(), ForcedBlocks.NONE);
  }

  /** The same, watched. */
  Pass watchedBy(List<Watch> more) {
    return new Pass(tokens, rows, targets, more, forced);
  }

  /** The same with blocks that it has to take. */
  Pass forcing(ForcedBlocks blocks) {
    return new Pass(tokens, rows, targets, watches, blocks);
  }
}
