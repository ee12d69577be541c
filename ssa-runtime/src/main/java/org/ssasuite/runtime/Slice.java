package org.ssasuite.runtime;

import java.util.List;
import org.ssasuite.runtime.cache.PageTable;

/**
 * Tokens of one sequence in one run. Immutable by agreement: the arrays are not to be changed.
 *
 * @param sequence extended to hold the tokens already
 * @param past tokens that it held before
 * @param tokens [n] the new ones
 * @param rows which of them have a rated successor, by index in {@code tokens}, and that successor
 */
// Arrays on purpose: they go to native code as they are.
@SuppressWarnings("ArrayRecordComponent")
record Slice(PageTable.Sequence sequence, int past, int[] tokens, List<Row> rows) {
  Slice {
    rows = List.copyOf(rows);
  }

  /** A rated successor. */
  record Row(int token, int target) {}
}
