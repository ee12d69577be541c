package org.ssasuite.trainer.data;

import java.util.Arrays;

/**
 * The rows of one micro-batch, flattened row by row. Immutable by agreement: the arrays are not to
 * be changed.
 *
 * @param rows B
 * @param length T, tokens per row
 * @param inputs [B·T] token ids
 * @param positions [B·T] rotary positions; whether they start again with each document is the
 *     packing's choice
 * @param targets [B·T] the id that follows each input; 0 where there is none
 * @param rated [B·T] whether the prediction of the target counts in the loss
 * @param documentStarts ascending offsets into the flattened tokens, the first 0 and the last B·T,
 *     each row's start among them: where a document, or a row's filling, begins. Whether attention
 *     heeds them is the specification's masking
 */
// Arrays on purpose: they become tensors.
@SuppressWarnings("ArrayRecordComponent")
public record PackedBatch(
    int rows,
    int length,
    int[] inputs,
    int[] positions,
    int[] targets,
    boolean[] rated,
    int[] documentStarts) {
  public PackedBatch {
    int tokens = Math.multiplyExact(rows, length);
    if (rows < 1 || length < 1) {
      throw new IllegalArgumentException(rows + " rows of " + length + " tokens");
    }
    if (inputs.length != tokens
        || positions.length != tokens
        || targets.length != tokens
        || rated.length != tokens) {
      throw new IllegalArgumentException(
          "arrays of %d, %d, %d and %d for %d rows of %d tokens"
              .formatted(
                  inputs.length, positions.length, targets.length, rated.length, rows, length));
    }
    requireStarts(documentStarts, rows, length);
  }

  private static void requireStarts(int[] starts, int rows, int length) {
    for (int i = 1; i < starts.length; i++) {
      if (starts[i] <= starts[i - 1]) {
        throw new IllegalArgumentException("document starts do not ascend at " + starts[i]);
      }
    }
    for (int row = 0; row <= rows; row++) {
      if (Arrays.binarySearch(starts, row * length) < 0) {
        throw new IllegalArgumentException("no document starts at " + row * length);
      }
    }
    if (starts[0] != 0 || starts[starts.length - 1] != rows * length) {
      throw new IllegalArgumentException(
          "document starts from " + starts[0] + " to " + starts[starts.length - 1]);
    }
  }

  /** How many predictions count in the loss. */
  public int ratedTokens() {
    int count = 0;
    for (boolean one : rated) {
      count += one ? 1 : 0;
    }
    return count;
  }
}
