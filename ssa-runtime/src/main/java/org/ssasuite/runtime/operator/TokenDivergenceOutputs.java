package org.ssasuite.runtime.operator;

/**
 * How far apart two distributions over one vocabulary are, row by row. The arrays are not copied
 * and must not be changed.
 *
 * @param figures [T, 5] KL(A ‖ B), KL(B ‖ A), A's mass on the ten best ids of B, log-probability of
 *     the target in A and in B; nats
 * @param argmax [T, 2] the most probable ids of A and of B, the lowest of several
 */
// Arrays on purpose: native code fills them. Nothing compares outputs by value.
@SuppressWarnings("ArrayRecordComponent")
public record TokenDivergenceOutputs(double[] figures, int[] argmax) {
  private static final int FIGURES = 5;

  public TokenDivergenceOutputs {
    if (figures.length % FIGURES != 0 || argmax.length * FIGURES != 2 * figures.length) {
      throw new IllegalArgumentException(
          "figures [T, 5] and argmax [T, 2] have "
              + figures.length
              + " and "
              + argmax.length
              + " values");
    }
  }

  /** T. */
  public int rows() {
    return argmax.length / 2;
  }

  /** KL(A ‖ B) over the whole vocabulary, in nats. */
  public double kl(int row) {
    return figures[FIGURES * row];
  }

  /** KL(B ‖ A) over the whole vocabulary, in nats. */
  public double klReverse(int row) {
    return figures[FIGURES * row + 1];
  }

  /** The share of A's mass on the ten most probable ids of B. */
  public double topTen(int row) {
    return figures[FIGURES * row + 2];
  }

  /** Natural logarithm of the target's probability in A. */
  public double logprobA(int row) {
    return figures[FIGURES * row + 3];
  }

  /** Natural logarithm of the target's probability in B. */
  public double logprobB(int row) {
    return figures[FIGURES * row + 4];
  }

  /** Whether both find the same id most probable. */
  public boolean sameTop(int row) {
    return argmax[2 * row] == argmax[2 * row + 1];
  }
}
