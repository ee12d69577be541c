package org.ssasuite.trainer.data;

import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Rows cut out of the stream of tokens anywhere: row r reads tokens rT to rT + T − 1 and predicts
 * the ones behind each, positions run from 0 to T − 1.
 */
final class StreamRows extends StoredRows {
  private final OptionalInt endToken;

  /**
   * Rows of a stream that has one at least.
   *
   * @param endToken behind which a document starts; absent: rows are one document each
   */
  StreamRows(
      TokenStream tokens,
      OptionalInt endToken,
      RowSequence sequence,
      BatchShape shape,
      String digest) {
    super(tokens, sequence, shape, digest);
    this.endToken = endToken;
  }

  /** How many rows a stream has: the last one needs a token behind it. */
  static long rows(long tokens, int length) {
    return Math.max(0, tokens - 1) / length;
  }

  @Override
  public PackedBatch batch(long index) {
    int length = shape.length();
    int total = shape.rows() * length;
    int[] inputs = new int[total];
    int[] positions = new int[total];
    int[] targets = new int[total];
    boolean[] rated = new boolean[total];
    IntStream.Builder starts = IntStream.builder();
    int[] ids = new int[length + 1];
    for (int i = 0; i < shape.rows(); i++) {
      long row = sequence.row(index * shape.rows() + i);
      tokens.copy(row * length, ids, 0, length + 1);
      int offset = i * length;
      for (int t = 0; t < length; t++) {
        inputs[offset + t] = ids[t];
        positions[offset + t] = t;
        targets[offset + t] = ids[t + 1];
        rated[offset + t] = true;
        if (t == 0 || (endToken.isPresent() && ids[t - 1] == endToken.getAsInt())) {
          starts.add(offset + t);
        }
      }
    }
    starts.add(total);
    return new PackedBatch(
        shape.rows(), length, inputs, positions, targets, rated, starts.build().toArray());
  }
}
