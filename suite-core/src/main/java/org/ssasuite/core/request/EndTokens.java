package org.ssasuite.core.request;

import java.util.List;

/**
 * Which tokens end a generation, besides its limit and its stop strings.
 *
 * @param leastTokens so many tokens are written before one may end it: among them the most probable
 *     one that ends nothing is taken
 * @param lastTokenOf texts whose last token, each encoded alone, ends it as the model's own end
 *     tokens do; it stays in the text, which an end token of the model does not
 */
public record EndTokens(int leastTokens, List<String> lastTokenOf) {
  private static final EndTokens MODEL = new EndTokens(0, List.of());

  public EndTokens {
    lastTokenOf = List.copyOf(lastTokenOf);
    if (leastTokens < 0 || lastTokenOf.contains("")) {
      throw new IllegalArgumentException(
          "at least " + leastTokens + " tokens, ends " + lastTokenOf);
    }
  }

  /** The model's own ones, from the first token on. */
  public static EndTokens ofModel() {
    return MODEL;
  }
}
