package org.ssasuite.runtime.endpoint;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a server was found to be able to.
 *
 * @param texts the route that shows how it reads texts, where it takes prompts as texts alone;
 *     absent: it takes token ids
 * @param plain whether it takes parameters that switch penalties off
 * @param noRatings why it rates no prompts; absent: it does
 * @param noLog why nothing is known of the tokens that it writes; absent: it is
 * @param owner who it says serves the model
 * @param fingerprint what it says of itself
 */
public record Abilities(
    Optional<TokenizeRoute> texts,
    boolean plain,
    Optional<String> noRatings,
    Optional<String> noLog,
    Optional<String> owner,
    Optional<String> fingerprint) {
  public Abilities {
    Objects.requireNonNull(texts);
    Objects.requireNonNull(noRatings);
    Objects.requireNonNull(noLog);
    Objects.requireNonNull(owner);
    Objects.requireNonNull(fingerprint);
  }

  /** By the names that manifests and results have for them; nothing of where the server is. */
  public Map<String, String> facts() {
    Map<String, String> facts = new TreeMap<>();
    facts.put(
        "prompts",
        texts
            .map(route -> "texts, each read by " + route.path() + " as the ids that are meant")
            .orElse("token ids"));
    facts.put(
        "greedy", plain ? "temperature 0, penalties off" : "temperature 0, the server's penalties");
    facts.put("ratings", noRatings.isPresent() ? "none" : "echo with logprobs");
    owner.ifPresent(name -> facts.put("owned_by", name));
    fingerprint.ifPresent(name -> facts.put("system_fingerprint", name));
    return facts;
  }
}
