package org.ssasuite.core.request;

import java.util.Objects;
import java.util.Optional;

/**
 * What a model wrote.
 *
 * @param text what was generated, without the stop string
 * @param tokens how many tokens were generated
 * @param failure why the model could not go on; empty where it came to an end
 */
public record Generation(
    String text,
    int tokens,
    ContextFit fit,
    Optional<Observations> observations,
    Optional<String> failure)
    implements Response {
  public Generation {
    Objects.requireNonNull(failure);
    Objects.requireNonNull(text);
    Objects.requireNonNull(fit);
    Objects.requireNonNull(observations);
  }

  /** One that came to an end. */
  public Generation(String text, int tokens, ContextFit fit, Optional<Observations> observations) {
    this(text, tokens, fit, observations, Optional.empty());
  }
}
