package org.ssasuite.runtime.operator;

/**
 * What the vocabulary head gets: logits are hidden · weightᵀ. The arrays are not copied and must
 * not be changed.
 *
 * @param tokens T
 * @param width E, of the hidden state
 * @param vocabulary V
 * @param hidden [T, E]
 * @param weight [V, E]
 * @param targets [T] ids from 0 to V − 1
 */
// Arrays on purpose: these values go to native code as they are and are large. Nothing compares
// inputs by value.
@SuppressWarnings("ArrayRecordComponent")
public record TokenLogProbInputs(
    int tokens, int width, int vocabulary, float[] hidden, float[] weight, int[] targets) {
  public TokenLogProbInputs {
    Shapes.requireAtLeastOne("tokens T", tokens);
    Shapes.requireAtLeastOne("width E", width);
    Shapes.requireAtLeastOne("vocabulary V", vocabulary);
    Shapes.require("hidden", "[T, E]", hidden.length, tokens, width);
    Shapes.require("weight", "[V, E]", weight.length, vocabulary, width);
    Shapes.require("targets", "[T]", targets.length, tokens);
    for (int t = 0; t < tokens; t++) {
      if (targets[t] < 0 || targets[t] >= vocabulary) {
        throw new IllegalArgumentException(
            "targets[" + t + "] is " + targets[t] + ", outside a vocabulary of " + vocabulary);
      }
    }
  }
}
