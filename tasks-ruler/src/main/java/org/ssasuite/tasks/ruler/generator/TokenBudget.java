package org.ssasuite.tasks.ruler.generator;

import org.ssasuite.core.request.TokenCounter;

/**
 * What counts against a length, as the reference counts it.
 *
 * @param length the most tokens of prompt and answer
 * @param special tokens that the reference counts in besides the text's own
 */
public record TokenBudget(TokenCounter counter, int length, int special) {
  public static TokenBudget of(TokenCounter counter, RulerVersion version, int length) {
    int special = version == RulerVersion.LMEVAL ? counter.specialTokens() : 0;
    return new TokenBudget(counter, length, special);
  }

  /** The same up to another length. */
  TokenBudget upTo(int other) {
    return new TokenBudget(counter, other, special);
  }

  /** All tokens of a text. */
  int count(String text) {
    return counter.count(text, Integer.MAX_VALUE) + special;
  }

  /** Tokens of a text, exact up to the length; where there are more, any number above it. */
  int countUpToLength(String text) {
    return counter.count(text, Math.max(0, length)) + special;
  }
}
