package org.ssasuite.runtime;

import java.nio.FloatBuffer;
import java.util.Set;
import java.util.function.Supplier;
import org.ssasuite.runtime.engine.Precision;

/**
 * The rows of the vocabulary head, for the one question that {@code ssa.TokenLogProb} does not
 * answer: which id is the most probable one of those that are not excluded. It is asked where a
 * generation may not end yet, for a row at a time. Mutable (reads the weight once it is needed).
 */
final class VocabularyHead {
  private final Supplier<FloatBuffer> source;
  private final Precision precision;
  private FloatBuffer weight;

  /**
   * A head.
   *
   * @param source gives [V, E] fp32
   * @param precision what the weights are rounded to
   */
  VocabularyHead(Supplier<FloatBuffer> source, Precision precision) {
    this.source = source;
    this.precision = precision;
  }

  /**
   * The id of the largest logit, summed in fp64; the lowest of equals.
   *
   * @param hidden [E] after the last norm
   * @param excluded not all ids
   */
  int mostProbableBut(float[] hidden, Set<Integer> excluded) {
    if (weight == null) {
      weight = source.get();
    }
    if (weight.limit() % hidden.length != 0) {
      throw new IllegalArgumentException(weight.limit() + " weights in rows of " + hidden.length);
    }
    int best = -1;
    double largest = Double.NEGATIVE_INFINITY;
    for (int id = 0; id < weight.limit() / hidden.length; id++) {
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
    for (int e = 0; e < hidden.length; e++) {
      sum += (double) precision.rounded(weight.get(id * hidden.length + e)) * hidden[e];
    }
    return sum;
  }
}
