package org.ssasuite.runtime.operator;

/**
 * What the vocabulary head gives. The arrays are not copied and must not be changed.
 *
 * @param logprob [T] natural logarithm of each target's probability
 * @param argmax [T] the most probable id, the lowest of several
 * @param argmaxLogprob [T] natural logarithm of its probability
 */
// Arrays on purpose: native code fills them. Nothing compares outputs by value.
@SuppressWarnings("ArrayRecordComponent")
public record TokenLogProbOutputs(float[] logprob, int[] argmax, float[] argmaxLogprob) {
  public TokenLogProbOutputs {
    if (logprob.length != argmax.length || logprob.length != argmaxLogprob.length) {
      throw new IllegalArgumentException(
          "logprob, argmax and argmaxLogprob [T] have "
              + logprob.length
              + ", "
              + argmax.length
              + " and "
              + argmaxLogprob.length
              + " values");
    }
  }
}
