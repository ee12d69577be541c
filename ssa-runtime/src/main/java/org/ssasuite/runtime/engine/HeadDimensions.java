package org.ssasuite.runtime.engine;

/** The head dimensions D that the attention operator has on the CPU: whole vectors, to a limit. */
public final class HeadDimensions {
  /** What there is, for messages. */
  public static final String TEXT = "multiples of 16 from 16 to 256";

  private static final int MULTIPLE = 16;
  private static final int MOST = 256;

  private HeadDimensions() {}

  public static boolean contain(int headDim) {
    return headDim >= MULTIPLE && headDim <= MOST && headDim % MULTIPLE == 0;
  }
}
