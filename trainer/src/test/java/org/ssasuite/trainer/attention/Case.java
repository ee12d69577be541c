package org.ssasuite.trainer.attention;

import java.util.List;
import java.util.Random;

/**
 * Random inputs of one call.
 *
 * @param boundaries sequence boundaries, the last one T
 */
record Case(AttentionBranch branch, int group, int kvHeads, int dim, List<Integer> boundaries) {
  Case(AttentionBranch branch, int group, int kvHeads, int dim, Integer... starts) {
    this(branch, group, kvHeads, dim, List.of(starts));
  }

  int[] starts() {
    return boundaries.stream().mapToInt(i -> i).toArray();
  }

  int tokens() {
    return boundaries.get(boundaries.size() - 1);
  }

  int queryHeads() {
    return group * kvHeads;
  }

  /** [T, HQ, D]. */
  float[] q() {
    return random(1, tokens() * queryHeads() * dim);
  }

  /** [T, H, D]. */
  float[] k() {
    return random(2, tokens() * kvHeads * dim);
  }

  /** [T, H, D]. */
  float[] v() {
    return random(3, tokens() * kvHeads * dim);
  }

  /** [T, HQ, D]: the gradient of the output. */
  float[] gradient() {
    return random(4, tokens() * queryHeads() * dim);
  }

  private static float[] random(long seed, int n) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
