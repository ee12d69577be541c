package org.ssasuite.runtime.oracle;

import org.ssasuite.runtime.operator.TokenLogProbInputs;

/** The vocabulary head in fp64: log-softmax of hidden · weightᵀ, one token at a time. */
public final class TokenLogProbOracle {
  private final TokenLogProbInputs inputs;

  public TokenLogProbOracle(TokenLogProbInputs inputs) {
    this.inputs = inputs;
  }

  /** The logits [V] of one token. */
  public double[] logits(int token) {
    int width = inputs.width();
    double[] logits = new double[inputs.vocabulary()];
    for (int id = 0; id < logits.length; id++) {
      double dot = 0;
      for (int e = 0; e < width; e++) {
        dot += (double) inputs.hidden()[token * width + e] * inputs.weight()[id * width + e];
      }
      logits[id] = dot;
    }
    return logits;
  }

  /** The log-probabilities [V] of one token, in nats. */
  public double[] logprobs(int token) {
    double[] logprobs = logits(token);
    double normalizer = Softmax.logSumExp(logprobs);
    for (int id = 0; id < logprobs.length; id++) {
      logprobs[id] -= normalizer;
    }
    return logprobs;
  }

  /** The log-probability of each token's target [T]. */
  public double[] logprob() {
    double[] logprob = new double[inputs.tokens()];
    for (int t = 0; t < logprob.length; t++) {
      logprob[t] = logprobs(t)[inputs.targets()[t]];
    }
    return logprob;
  }

  /** The most probable id of one token, the lowest of several. */
  public int argmax(int token) {
    double[] logits = logits(token);
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[best]) {
        best = id;
      }
    }
    return best;
  }
}
