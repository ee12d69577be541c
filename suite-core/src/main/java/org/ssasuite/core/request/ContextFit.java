package org.ssasuite.core.request;

/**
 * How much of a request's text the model was given.
 *
 * @param tokens tokens of the whole text
 * @param usedTokens tokens of it that the model was given; fewer means that the text was cut. Where
 *     the two ends of a text are put together, their tokens before they are encoded as one text
 */
public record ContextFit(int tokens, int usedTokens) {
  public ContextFit {
    if (usedTokens < 0 || tokens < usedTokens) {
      throw new IllegalArgumentException("used " + usedTokens + " of " + tokens + " tokens");
    }
  }

  /** Everything was read. */
  public static ContextFit whole(int tokens) {
    return new ContextFit(tokens, tokens);
  }

  public int cutTokens() {
    return tokens - usedTokens;
  }

  public boolean truncated() {
    return usedTokens < tokens;
  }
}
