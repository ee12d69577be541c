package org.ssasuite.runtime.operator;

/**
 * Two vocabulary heads over the same ids; a side's logits are its hidden · weightᵀ. The arrays are
 * not copied and must not be changed.
 *
 * @param tokens T
 * @param vocabulary V, of both
 * @param targets [T] ids from 0 to V − 1
 */
// Arrays on purpose: these values go to native code as they are and are large. Nothing compares
// inputs by value.
@SuppressWarnings("ArrayRecordComponent")
public record TokenDivergenceInputs(int tokens, int vocabulary, Side a, Side b, int[] targets) {
  public TokenDivergenceInputs {
    Shapes.requireAtLeastOne("tokens T", tokens);
    Shapes.requireAtLeastOne("vocabulary V", vocabulary);
    Shapes.require("targets", "[T]", targets.length, tokens);
    a.require("a", tokens, vocabulary);
    b.require("b", tokens, vocabulary);
    for (int t = 0; t < tokens; t++) {
      if (targets[t] < 0 || targets[t] >= vocabulary) {
        throw new IllegalArgumentException(
            "targets[" + t + "] is " + targets[t] + ", outside a vocabulary of " + vocabulary);
      }
    }
  }

  /**
   * One head.
   *
   * @param width E, of the hidden state
   * @param hidden [T, E]
   * @param weight [V, E]
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Side(int width, float[] hidden, float[] weight) {
    private void require(String name, int tokens, int vocabulary) {
      Shapes.requireAtLeastOne("width E of " + name, width);
      Shapes.require("hidden_" + name, "[T, E]", hidden.length, tokens, width);
      Shapes.require("weight_" + name, "[V, E]", weight.length, vocabulary, width);
    }

    /** As the vocabulary head of one model reads it. */
    public TokenLogProbInputs head(TokenDivergenceInputs of) {
      return new TokenLogProbInputs(
          of.tokens(), width, of.vocabulary(), hidden, weight, of.targets());
    }
  }
}
