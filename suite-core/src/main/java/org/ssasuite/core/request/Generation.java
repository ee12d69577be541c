package org.ssasuite.core.request;

import java.util.Objects;
import java.util.Optional;

/**
 * What a model wrote.
 *
 * @param text what was generated, without the stop string
 * @param tokens how many tokens were generated
 */
public record Generation(
    String text, int tokens, ContextFit fit, Optional<Observations> observations)
    implements Response {
  public Generation {
    Objects.requireNonNull(text);
    Objects.requireNonNull(fit);
    Objects.requireNonNull(observations);
  }
}
