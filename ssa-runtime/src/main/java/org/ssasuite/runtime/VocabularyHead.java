package org.ssasuite.runtime;

import java.nio.FloatBuffer;
import java.util.Set;

/**
 * The rows of the vocabulary head, for the one question that {@code ssa.TokenLogProb} does not
 * answer: which id is the most probable one of those that are not excluded. It is asked where a
 * generation may not end yet, for a row at a time.
 *
 * @param weight [V, E] fp32
 * @param width E
 */
record VocabularyHead(FloatBuffer weight, int width) {
  VocabularyHead {
    if (weight.limit() % width != 0) {
      throw new IllegalArgumentException(weight.limit() + " weights in rows of " + width);
    }
  }

  /**
   * The id of the largest logit, summed in fp64; the lowest of equals.
   *
   * @param hidden [E] after the last norm
   * @param excluded not all ids
   */
  int mostProbableBut(float[] hidden, Set<Integer> excluded) {
    int best = -1;
    double largest = Double.NEGATIVE_INFINITY;
    for (int id = 0; id < weight.limit() / width; id++) {
      double logit = logit(hidden, id);
      if ((best < 0 || logit > largest) && !excluded.contains(id)) {
        best = id;
        largest = logit;
      }
    }
    if (best < 0) {
      throw new IllegalArgumentException("every id is excluded");
    }
    return best;
  }

  private double logit(float[] hidden, int id) {
    double sum = 0;
    for (int e = 0; e < width; e++) {
      sum += (double) weight.get(id * width + e) * hidden[e];
    }
    return sum;
  }
}
