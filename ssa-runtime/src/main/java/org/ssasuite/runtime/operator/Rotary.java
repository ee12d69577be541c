package org.ssasuite.runtime.operator;

import java.util.Objects;

/**
 * Rotary position embedding as a table: row p of cos and sin turns the head vectors at position p.
 * Halves are rotated, as in Hugging Face's Llama: dimension i goes with i + D / 2. The arrays are
 * not copied and must not be changed.
 *
 * @param tableRows rows of the table, P
 * @param cos [P, D], the D / 2 angles' cosines twice
 * @param sin [P, D], the D / 2 angles' sines twice
 * @param positions [T] the row of each token
 */
// Arrays on purpose: these values go to native code as they are. Two tables are equal if they are
// the same object's.
@SuppressWarnings("ArrayRecordComponent")
public record Rotary(int tableRows, float[] cos, float[] sin, int[] positions) {
  public Rotary {
    Objects.requireNonNull(positions);
    if (tableRows < 1) {
      throw new IllegalArgumentException("a rotary table has at least 1 row, not " + tableRows);
    }
    if (cos.length != sin.length || cos.length == 0 || cos.length % tableRows != 0) {
      throw new IllegalArgumentException(
          "cos and sin [P, D] with P = "
              + tableRows
              + " have "
              + cos.length
              + " and "
              + sin.length
              + " values");
    }
    for (int t = 0; t < positions.length; t++) {
      if (positions[t] < 0 || positions[t] >= tableRows) {
        throw new IllegalArgumentException(
            "positions["
                + t
                + "] is "
                + positions[t]
                + ", outside the rotary table of "
                + tableRows
                + " rows");
      }
    }
  }

  /** Values in a row of the table, D. */
  public int headDim() {
    return cos.length / tableRows;
  }
}
