package org.ssasuite.core.metrics;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * Numbers of all positions of a document as a word of text, so that percentiles over positions can
 * be made of a log again: fp32, rounded to nearest, little-endian, in base64.
 */
public final class PackedFigures {
  private PackedFigures() {}

  /** The text of some numbers. */
  public static String packed(double[] figures) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(figures.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (double figure : figures) {
      bytes.putFloat((float) figure);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /**
   * The numbers of a text.
   *
   * @throws IllegalArgumentException if it is none of {@link #packed}
   */
  public static float[] unpacked(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (bytes.length % Float.BYTES != 0) {
      throw new IllegalArgumentException(bytes.length + " bytes are no fp32 numbers");
    }
    float[] figures = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(figures);
    for (float figure : figures) {
      if (!Float.isFinite(figure)) {
        throw new IllegalArgumentException("a figure is " + figure);
      }
    }
    return figures;
  }
}
