package org.ssasuite.core.request;

/**
 * What a model has computed. It says what batching and shared prefixes saved; it is no part of an
 * answer.
 *
 * @param runs times that the model ran over a batch of tokens
 * @param tokens tokens that went through it
 * @param sharedTokens tokens that did not have to, because another request had begun with them
 */
public record Work(long runs, long tokens, long sharedTokens) {
  /** No work at all. */
  public static final Work NONE = new Work(0, 0, 0);

  public Work {
    if (runs < 0 || tokens < 0 || sharedTokens < 0) {
      throw new IllegalArgumentException(
          runs + " runs, " + tokens + " tokens, " + sharedTokens + " shared");
    }
  }

  /** Both together. */
  public Work plus(Work other) {
    return new Work(runs + other.runs, tokens + other.tokens, sharedTokens + other.sharedTokens);
  }

  /** What came on top of an earlier state. */
  public Work since(Work before) {
    return new Work(runs - before.runs, tokens - before.tokens, sharedTokens - before.sharedTokens);
  }
}
