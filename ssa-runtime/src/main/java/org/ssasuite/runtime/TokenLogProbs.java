package org.ssasuite.runtime;

import java.util.Arrays;

/**
 * How a model rates a sequence of n ids: entry i is about id i + 1, given ids 0 … i. Immutable by
 * agreement: the arrays are not to be changed.
 *
 * @param logProbability [n − 1] nats
 * @param argmax [n − 1] the most probable id, the lowest of equals
 * @param argmaxLogProbability [n − 1] nats
 */
// Arrays on purpose: a book has a million tokens.
@SuppressWarnings("ArrayRecordComponent")
public record TokenLogProbs(float[] logProbability, int[] argmax, float[] argmaxLogProbability)
    implements RatedPass {
  @Override
  public boolean greedy(int[] targets) {
    return Arrays.equals(argmax, targets);
  }
}
