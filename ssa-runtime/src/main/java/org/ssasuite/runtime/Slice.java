package org.ssasuite.runtime;

import java.util.List;
import org.ssasuite.runtime.cache.PageTable;
import org.ssasuite.runtime.observation.Watch;
import org.ssasuite.runtime.statistics.QueryRange;

/**
 * Tokens of one sequence in one run. Immutable by agreement: the arrays are not to be changed.
 *
 * @param sequence extended to hold the tokens already
 * @param past tokens that it held before
 * @param tokens [n] the new ones
 * @param rows which of them have a rated successor, by index in {@code tokens}, and that successor
 * @param watches of the sequence; some may look elsewhere
 * @param forced blocks that the sequence has to take
 */
// Arrays on purpose: they go to native code as they are.
@SuppressWarnings("ArrayRecordComponent")
record Slice(
    PageTable.Sequence sequence,
    int past,
    int[] tokens,
    List<Row> rows,
    List<Watch> watches,
    ForcedBlocks forced) {
  Slice {
    rows = List.copyOf(rows);
    watches = List.copyOf(watches);
  }

  /** Where the new tokens stand in their sequence. */
  QueryRange positions() {
    return new QueryRange(past, past + tokens.length);
  }

  /** A rated successor. */
  record Row(int token, int target) {}
}
