package org.ssasuite.runtime;

import java.util.Optional;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Request;
import org.ssasuite.runtime.endpoint.Abilities;

/** What a request needs of an endpoint. */
public enum EndpointNeeds {
  /** Greedy completions alone. */
  COMPLETIONS,
  /** Completions, and the tokens that they are made of. */
  WRITTEN_TOKENS,
  /** Log-probabilities of prompts. */
  RATINGS,
  /** Two modes of one model. */
  MODES;

  /** Of one request. */
  public static EndpointNeeds of(Request<?> request) {
    return request.fold(
        generate -> ownEnds(generate) ? WRITTEN_TOKENS : COMPLETIONS,
        continuation -> RATINGS,
        document -> RATINGS,
        comparison -> MODES);
  }

  private static boolean ownEnds(Generate generate) {
    return generate.ends().leastTokens() > 0 || !generate.ends().lastTokenOf().isEmpty();
  }

  /** Why a server cannot answer it; absent: it can. */
  public Optional<String> lack(Abilities abilities) {
    return switch (this) {
      case COMPLETIONS -> Optional.empty();
      case WRITTEN_TOKENS ->
          abilities
              .noLog()
              .map(
                  why ->
                      "the tokens that are written are needed, which the server does not give: "
                          + why);
      case RATINGS ->
          abilities
              .noRatings()
              .map(
                  why ->
                      "log-probabilities of prompts are needed, which the server does not give: "
                          + why);
      case MODES -> Optional.of("modes of attention are compared, and an endpoint has full alone");
    };
  }
}
