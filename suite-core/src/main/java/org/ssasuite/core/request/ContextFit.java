package org.ssasuite.core.request;

/**
 * How much of a request's text the model was given.
 *
 * @param tokens tokens of the whole text
 * @param usedTokens tokens that the model read; fewer means that the text was cut
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
