package org.ssasuite.runtime.oracle;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ssasuite.runtime.operator.TokenDivergenceInputs;

/** The divergence of two vocabulary heads in fp64, by its definition, one token at a time. */
public final class TokenDivergenceOracle {
  private static final int BEST = 10;

  private final TokenLogProbOracle a;
  private final TokenLogProbOracle b;

  public TokenDivergenceOracle(TokenDivergenceInputs inputs) {
    this.a = new TokenLogProbOracle(inputs.a().head(inputs));
    this.b = new TokenLogProbOracle(inputs.b().head(inputs));
  }

  /** KL(A ‖ B) of one token, in nats. */
  public double kl(int token) {
    return kl(a.logprobs(token), b.logprobs(token));
  }

  /** KL(B ‖ A) of one token, in nats. */
  public double klReverse(int token) {
    return kl(b.logprobs(token), a.logprobs(token));
  }

  private static double kl(double[] of, double[] from) {
    double sum = 0;
    for (int id = 0; id < of.length; id++) {
      double p = Math.exp(of[id]);
      sum += p > 0 ? p * (of[id] - from[id]) : 0;
    }
    return sum;
  }

  /** The share of A's mass on the ten most probable ids of B, the lower one of equals. */
  public double topTen(int token) {
    double[] ofA = a.logprobs(token);
    double[] ofB = b.logprobs(token);
    return IntStream.range(0, ofB.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer id) -> -ofB[id]))
        .limit(BEST)
        .mapToDouble(id -> Math.exp(ofA[id]))
        .sum();
  }

  /** The side A alone. */
  public TokenLogProbOracle a() {
    return a;
  }

  /** The side B alone. */
  public TokenLogProbOracle b() {
    return b;
  }
}
