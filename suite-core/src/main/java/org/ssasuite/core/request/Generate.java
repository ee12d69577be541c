package org.ssasuite.core.request;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Continue this prompt greedily, up to a limit or a stop string. */
public record Generate(String prompt, int maxTokens, List<String> stops, Observe observe)
    implements Request<Generation> {
  public Generate {
    Objects.requireNonNull(prompt);
    Objects.requireNonNull(observe);
    stops = List.copyOf(stops);
    if (maxTokens < 1) {
      throw new IllegalArgumentException("at least 1 token must be asked for, not " + maxTokens);
    }
  }

  @Override
  public Class<Generation> responseType() {
    return Generation.class;
  }

  @Override
  public <T> T fold(
      Function<Generate, T> generate,
      Function<RateContinuation, T> continuation,
      Function<RateDocument, T> document) {
    return generate.apply(this);
  }
}
