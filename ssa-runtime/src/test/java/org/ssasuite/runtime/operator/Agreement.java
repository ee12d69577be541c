package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;

/** How near a kernel's floats are to an oracle's doubles, row by row. */
final class Agreement {
  private static final double UNIT = 0x1p-24;
  private static final double OWN_UNITS = 16;
  private static final double LEAST_COSINE = 1 - 1e-6;
  // A shorter row than this against the tolerance says nothing about its direction.
  private static final double SHORT_ROW = 1e3;

  private Agreement() {}

  /**
   * How far the attention of these inputs in fp32 may lie from the exact one. No score is larger
   * than a = max ‖q‖ · max ‖k‖ / √D, and the sum of D products that makes it loses about half a
   * unit (2^-24) of a, since errors cancel. What a score loses its weight loses relatively, and
   * between values of size max |v| that moves twice as much; softmax and the weighted sum lose a
   * few units themselves. Measured: two thirds of this at worst.
   */
  static double tolerance(AttentionInputs inputs) {
    double a =
        longest(inputs.q(), inputs.headDim())
            * longest(inputs.k(), inputs.headDim())
            / Math.sqrt(inputs.headDim());
    double v = 0;
    for (float value : inputs.v()) {
      v = Math.max(v, Float.isFinite(value) ? Math.abs(value) : 0);
    }
    return UNIT * (OWN_UNITS + a) * v;
  }

  private static double longest(float[] vectors, int length) {
    double longest = 0;
    for (int from = 0; from < vectors.length; from += length) {
      double square = 0;
      for (int i = from; i < from + length; i++) {
        square += Float.isFinite(vectors[i]) ? (double) vectors[i] * vectors[i] : 0;
      }
      longest = Math.max(longest, square);
    }
    return Math.sqrt(longest);
  }

  /**
   * Fails unless the same values are finite, each finite one is within {@code tolerance · max(1,
   * |expected|)}, and each row without others points where the expected one does.
   */
  static void assertClose(float[] actual, double[] expected, int rowLength, double tolerance) {
    assertThat(actual.length).isEqualTo(expected.length);
    BitSet actualPositions = new BitSet();
    BitSet expectedPositions = new BitSet();
    for (int i = 0; i < actual.length; i++) {
      actualPositions.set(i, !Float.isFinite(actual[i]));
      expectedPositions.set(i, !Double.isFinite(expected[i]));
    }
    assertThat(actualPositions).describedAs("values not finite").isEqualTo(expectedPositions);
    for (int i = 0; i < actual.length; i++) {
      if (Double.isFinite(expected[i])) {
        double error = Math.abs(actual[i] - expected[i]);
        double bound = tolerance * Math.max(1, Math.abs(expected[i]));
        assertThat(error)
            .describedAs("row %d: %s for %s", i / rowLength, actual[i], expected[i])
            .isLessThanOrEqualTo(bound);
      }
    }
    for (int from = 0; from < actual.length; from += rowLength) {
      assertDirection(actual, expected, from, rowLength, tolerance);
    }
  }

  private static void assertDirection(
      float[] actual, double[] expected, int from, int length, double tolerance) {
    double dot = 0;
    double actualSquare = 0;
    double expectedSquare = 0;
    for (int i = from; i < from + length; i++) {
      dot += actual[i] * expected[i];
      actualSquare += (double) actual[i] * actual[i];
      expectedSquare += expected[i] * expected[i];
    }
    // False for a row that holds NaN or infinity, too.
    if (expectedSquare > Math.pow(SHORT_ROW * tolerance, 2) * length
        && Double.isFinite(expectedSquare)) {
      assertThat(dot / Math.sqrt(actualSquare * expectedSquare))
          .describedAs("cosine of row %d", from / length)
          .isGreaterThan(LEAST_COSINE);
    }
  }

  /** Fails unless the bits are the same from {@code from} to {@code to} − 1, NaN's included. */
  static void assertSameBits(
      float[] actual, int actualFrom, float[] expected, int expectedFrom, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(Float.floatToRawIntBits(actual[actualFrom + i]))
          .describedAs("value %d: %s for %s", i, actual[actualFrom + i], expected[expectedFrom + i])
          .isEqualTo(Float.floatToRawIntBits(expected[expectedFrom + i]));
    }
  }
}
