package org.ssasuite.core.run;

import java.util.Objects;

/**
 * How a model is asked for that a server computes.
 *
 * @param served its name there
 * @param tokenizer folder with its tokenizer, or name of an embedded model
 */
public record Serving(String served, String tokenizer) {
  public Serving {
    Objects.requireNonNull(served);
    Objects.requireNonNull(tokenizer);
  }
}
