package org.ssasuite.runtime.oracle;

import org.ssasuite.core.attention.RandomBlocks;
import org.ssasuite.core.attention.SelectionRule;

/**
 * By what the controls choose among the blocks before a token's own one: the K − 1 highest ranks,
 * equal ones by the lower index.
 *
 * <ul>
 *   <li>{@link SelectionRule#WINDOW}: block 0 first, then the higher numbers.
 *   <li>{@link SelectionRule#RANDOM}: {@link RandomBlocks#key}.
 *   <li>{@link SelectionRule#BEST}: Σ over the group's heads of the softmax over all keys j ≤ t of
 *       q · k_j / √D, summed over the block's keys.
 * </ul>
 */
final class ControlRanks {
  /**
   * How far two masses may lie apart, relatively, for either order to be right: kernels make them
   * of scores in fp32, whose rounding is an absolute error of the exponent.
   */
  static final double MASS_TOLERANCE = 1e-4;

  private final RotatedHeads heads;
  private final SelectionRule rule;
  private final int blockSize;

  ControlRanks(RotatedHeads heads, SelectionRule rule, int blockSize) {
    this.heads = heads;
    this.rule = rule;
    this.blockSize = blockSize;
  }

  /** [own] ranks of the blocks before the own one. */
  double[] of(int token, int kvHead, int own) {
    return switch (rule) {
      case WINDOW -> recency(own);
      case RANDOM -> keys(token, kvHead, own);
      case BEST -> masses(token, kvHead, own);
      default -> throw new IllegalArgumentException(rule + " is no control");
    };
  }

  /** The tolerance of this rule's ranks: integers are exact. */
  double tolerance(double ofKernel) {
    return rule == SelectionRule.BEST ? Math.max(ofKernel, MASS_TOLERANCE) : 0;
  }

  private static double[] recency(int own) {
    double[] rank = new double[own];
    for (int b = 0; b < own; b++) {
      rank[b] = b == 0 ? Double.MAX_VALUE : b;
    }
    return rank;
  }

  private double[] keys(int token, int kvHead, int own) {
    RandomBlocks draws = heads.randomBlocks(token, kvHead);
    double[] rank = new double[own];
    for (int b = 0; b < own; b++) {
      rank[b] = draws.key(b);
    }
    return rank;
  }

  private double[] masses(int token, int kvHead, int own) {
    double[] mass = new double[own];
    int start = heads.sequenceStart(token);
    for (int g = 0; g < heads.groupSize(); g++) {
      double[] scores = new double[token - start + 1];
      for (int j = 0; j < scores.length; j++) {
        scores[j] = heads.score(token, kvHead * heads.groupSize() + g, start + j);
      }
      double[] weights = Softmax.of(scores);
      for (int j = 0; j < own * blockSize; j++) {
        mass[j / blockSize] += weights[j];
      }
    }
    return mass;
  }
}
