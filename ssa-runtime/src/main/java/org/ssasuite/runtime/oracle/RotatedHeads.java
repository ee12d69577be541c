package org.ssasuite.runtime.oracle;

import java.util.Optional;
import org.ssasuite.core.attention.RandomBlocks;
import org.ssasuite.runtime.operator.AttentionInputs;
import org.ssasuite.runtime.operator.RandomDraws;
import org.ssasuite.runtime.operator.Rotary;

/** Queries, keys and values in fp64, queries and keys turned by their positions. */
final class RotatedHeads {
  private final int queryHeads;
  private final int kvHeads;
  private final int headDim;
  private final double[] q; // [T, HQ, D]
  private final double[] k; // [T, H, D]
  private final double[] v; // [T, H, D]
  private final int[] sequenceStart; // [T] first token of the token's sequence
  private final int[] sequence; // [T] its number
  private final Optional<RandomDraws> draws;

  RotatedHeads(AttentionInputs inputs) {
    queryHeads = inputs.queryHeads();
    kvHeads = inputs.kvHeads();
    headDim = inputs.headDim();
    q = rotated(inputs.q(), queryHeads, headDim, inputs.rotary());
    k = rotated(inputs.k(), kvHeads, headDim, inputs.rotary());
    v = widened(inputs.v());
    draws = inputs.draws();
    sequence = new int[inputs.tokens()];
    sequenceStart = new int[inputs.tokens()];
    int[] starts = inputs.sequenceStarts();
    for (int s = 0; s + 1 < starts.length; s++) {
      for (int t = starts[s]; t < starts[s + 1]; t++) {
        sequenceStart[t] = starts[s];
        sequence[t] = s;
      }
    }
  }

  int headDim() {
    return headDim;
  }

  int groupSize() {
    return queryHeads / kvHeads;
  }

  int kvHeadOf(int queryHead) {
    return queryHead / groupSize();
  }

  int sequenceStart(int token) {
    return sequenceStart[token];
  }

  /** A token's draws; only in a mode of random blocks. */
  RandomBlocks randomBlocks(int token, int kvHead) {
    RandomDraws of = draws.orElseThrow();
    return RandomBlocks.of(
        of.documentSeeds().get(sequence[token]), of.layer(), kvHead, token - sequenceStart[token]);
  }

  /** q · key / √D, for a key vector that starts at {@code from}. */
  double score(int token, int queryHead, double[] keys, int from) {
    int query = (token * queryHeads + queryHead) * headDim;
    double dot = 0;
    for (int d = 0; d < headDim; d++) {
      dot += q[query + d] * keys[from + d];
    }
    return dot / Math.sqrt(headDim);
  }

  double score(int token, int queryHead, int keyToken) {
    return score(token, queryHead, k, keyValue(keyToken, kvHeadOf(queryHead)));
  }

  /** Adds weight · value to {@code sum} [D]. */
  void addValue(double weight, int token, int kvHead, double[] sum) {
    int value = keyValue(token, kvHead);
    for (int d = 0; d < headDim; d++) {
      sum[d] += weight * v[value + d];
    }
  }

  /** Mean of the keys [D] of tokens {@code from} to {@code to} − 1. */
  double[] meanKey(int kvHead, int from, int to) {
    return mean(k, kvHead, from, to);
  }

  /** Mean of the values [D] of tokens {@code from} to {@code to} − 1. */
  double[] meanValue(int kvHead, int from, int to) {
    return mean(v, kvHead, from, to);
  }

  /** Whether {@code count} tokens from {@code a} on have the keys of those from {@code b} on. */
  boolean sameKeys(int kvHead, int a, int b, int count) {
    for (int i = 0; i < count; i++) {
      for (int d = 0; d < headDim; d++) {
        if (k[keyValue(a + i, kvHead) + d] != k[keyValue(b + i, kvHead) + d]) {
          return false;
        }
      }
    }
    return true;
  }

  private double[] mean(double[] vectors, int kvHead, int from, int to) {
    double[] mean = new double[headDim];
    for (int d = 0; d < headDim; d++) {
      double sum = 0;
      for (int t = from; t < to; t++) {
        sum += vectors[keyValue(t, kvHead) + d];
      }
      mean[d] = sum / (to - from);
    }
    return mean;
  }

  private int keyValue(int token, int kvHead) {
    return (token * kvHeads + kvHead) * headDim;
  }

  private static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static double[] rotated(float[] x, int heads, int headDim, Optional<Rotary> rotary) {
    if (rotary.isEmpty()) {
      return widened(x);
    }
    float[] cos = rotary.get().cos();
    float[] sin = rotary.get().sin();
    int[] positions = rotary.get().positions();
    double[] turned = new double[x.length];
    int half = headDim / 2;
    for (int t = 0; t < positions.length; t++) {
      int row = positions[t] * headDim;
      for (int from = t * heads * headDim; from < (t + 1) * heads * headDim; from += headDim) {
        for (int d = 0; d < half; d++) {
          double first = x[from + d];
          double second = x[from + d + half];
          turned[from + d] = first * cos[row + d] - second * sin[row + d];
          turned[from + d + half] = second * cos[row + d + half] + first * sin[row + d + half];
        }
      }
    }
    return turned;
  }
}
