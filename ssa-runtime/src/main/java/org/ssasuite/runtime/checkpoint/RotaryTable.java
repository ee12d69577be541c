package org.ssasuite.runtime.checkpoint;

/**
 * Cosines and sines of the rotary angles by position, computed in fp64 and rounded once. Immutable.
 *
 * <p>Angle i of position p is p times frequency i, i = 0 … D/2 − 1; each row holds its angles
 * twice, as the operators want them. Features that are not turned have cosine 1 and sine 0.
 */
public final class RotaryTable {
  private final int rows;
  private final int headDim;
  private final float[] cos;
  private final float[] sin;

  private RotaryTable(int rows, int headDim) {
    this.rows = rows;
    this.headDim = headDim;
    this.cos = new float[Math.multiplyExact(rows, headDim)];
    this.sin = new float[cos.length];
  }

  /** The table for positions 0 to {@code rows − 1}. */
  public static RotaryTable of(int rows, int headDim, double theta, RopeScaling scaling) {
    return of(0, rows, headDim, theta, scaling);
  }

  /** The table for positions {@code first} to {@code first + rows − 1}. */
  public static RotaryTable of(
      int first, int rows, int headDim, double theta, RopeScaling scaling) {
    return of(first, rows, headDim, headDim, theta, scaling);
  }

  /** The same for a model, with another scaling than its own perhaps. */
  public static RotaryTable of(int first, int rows, ModelConfig config, RopeScaling scaling) {
    return of(first, rows, config.headDim(), config.turnedDim(), config.ropeTheta(), scaling);
  }

  private static RotaryTable of(
      int first, int rows, int headDim, int turned, double theta, RopeScaling scaling) {
    RotaryTable table = new RotaryTable(rows, headDim);
    int half = headDim / 2;
    for (int i = 0; i < half; i++) {
      boolean turns = i < turned / 2;
      double amplitude = turns ? scaling.amplitude() : 1;
      double frequency = turns ? scaling.frequency(i, turned, theta) : 0;
      for (int row = 0; row < rows; row++) {
        double angle = (first + row) * frequency;
        float c = (float) (amplitude * Math.cos(angle));
        float s = (float) (amplitude * Math.sin(angle));
        int at = row * headDim + i;
        table.cos[at] = c;
        table.cos[at + half] = c;
        table.sin[at] = s;
        table.sin[at + half] = s;
      }
    }
    return table;
  }

  public int rows() {
    return rows;
  }

  public int headDim() {
    return headDim;
  }

  /** [rows, headDim], the table's own array: not to be changed. */
  public float[] cos() {
    return cos;
  }

  /** [rows, headDim], the table's own array: not to be changed. */
  public float[] sin() {
    return sin;
  }
}
