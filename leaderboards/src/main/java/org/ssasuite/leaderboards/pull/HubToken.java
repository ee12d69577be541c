package org.ssasuite.leaderboards.pull;

import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;

/** What a hub knows its users by. Nothing shows it: no message, no file. */
final class HubToken {
  private static final String VARIABLE = "HF_TOKEN";

  private final String text;

  private HubToken(String text) {
    this.text = text;
  }

  /**
   * The token of an environment.
   *
   * @throws BadInputException if it cannot be sent
   */
  static Optional<HubToken> of(Map<String, String> environment) {
    String text = environment.getOrDefault(VARIABLE, "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new BadInputException(VARIABLE, "has characters that no token has");
    }
    return Optional.of(new HubToken(text));
  }

  /** The value of the header that carries it. */
  String header() {
    return "Bearer " + text;
  }

  @Override
  public String toString() {
    return "***";
  }
}
