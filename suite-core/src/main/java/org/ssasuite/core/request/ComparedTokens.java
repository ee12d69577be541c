package org.ssasuite.core.request;

/**
 * Two predictions of each token of a document but the first, A and B, over the same vocabulary. Row
 * i is the prediction of the document's token i + 1. Nats. Immutable.
 */
public final class ComparedTokens {
  /** Figures of a row. */
  public static final int FIGURES = 5;

  private final double[] figures;
  private final boolean[] sameTop;

  /**
   * Copies the figures in.
   *
   * @param figures [n, 5] KL(A ‖ B), KL(B ‖ A), A's mass on the ten best ids of B, log-probability
   *     of the token in A and in B
   * @param sameTop [n] whether both find the same id most probable
   */
  public ComparedTokens(double[] figures, boolean[] sameTop) {
    if (figures.length != FIGURES * sameTop.length) {
      throw new IllegalArgumentException(
          figures.length + " figures for " + sameTop.length + " predictions");
    }
    this.figures = figures.clone();
    this.sameTop = sameTop.clone();
  }

  /** Predictions. */
  public int size() {
    return sameTop.length;
  }

  /** KL(A ‖ B). */
  public double kl(int row) {
    return figures[FIGURES * row];
  }

  /** KL(B ‖ A). */
  public double klReverse(int row) {
    return figures[FIGURES * row + 1];
  }

  /** The share of A's mass on the ten best ids of B. */
  public double topTen(int row) {
    return figures[FIGURES * row + 2];
  }

  /** Natural logarithm of the token's probability in A. */
  public double logProbabilityA(int row) {
    return figures[FIGURES * row + 3];
  }

  /** Natural logarithm of the token's probability in B. */
  public double logProbabilityB(int row) {
    return figures[FIGURES * row + 4];
  }

  /** Whether both find the same id most probable. */
  public boolean sameTop(int row) {
    return sameTop[row];
  }

  /** Whether every figure of a row is a number. */
  public boolean isFinite(int row) {
    for (int i = FIGURES * row; i < FIGURES * (row + 1); i++) {
      if (!Double.isFinite(figures[i])) {
        return false;
      }
    }
    return true;
  }
}
