package org.ssasuite.runtime.endpoint;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a server says of the tokens of an answer, in their order.
 *
 * @param tokens their texts
 * @param logProbabilities nats, behind the first token all of them; absent of one that has nothing
 *     before it
 * @param best the highest log-probability at each place; absent where there is none
 */
public record TokenLog(
    List<String> tokens, List<OptionalDouble> logProbabilities, List<OptionalDouble> best) {
  /** Servers write the same number differently in two places. */
  static final double ROUNDING = 1e-3;

  public TokenLog {
    tokens = List.copyOf(tokens);
    logProbabilities = List.copyOf(logProbabilities);
    best = List.copyOf(best);
    if (tokens.size() != logProbabilities.size() || tokens.size() != best.size()) {
      throw new IllegalArgumentException(
          "%d tokens, %d log-probabilities, %d best ones"
              .formatted(tokens.size(), logProbabilities.size(), best.size()));
    }
  }

  public int size() {
    return tokens.size();
  }

  /** Whether nothing was more probable at a place than the token that stands there. */
  public boolean isBest(int place) {
    OptionalDouble own = logProbabilities.get(place);
    OptionalDouble most = best.get(place);
    return own.isPresent() && most.isPresent() && own.getAsDouble() >= most.getAsDouble();
  }
}
