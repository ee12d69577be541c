package org.ssasuite.runtime.endpoint;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;

/** What a server knows its users by. Nothing shows it: no message, no log, no file. */
public final class ApiKey {
  /** In this order. */
  private static final String[] VARIABLES = {"SSA_API_KEY", "OPENAI_API_KEY"};

  private static final String HIDDEN = "***";

  private final String text;

  private ApiKey(String text) {
    this.text = text;
  }

  /**
   * The key of an environment.
   *
   * @throws BadInputException if it cannot be sent
   */
  public static Optional<ApiKey> of(Map<String, String> environment) {
    return Stream.of(VARIABLES)
        .filter(name -> !environment.getOrDefault(name, "").isEmpty())
        .findFirst()
        .map(name -> of(name, environment.get(name)));
  }

  private static ApiKey of(String name, String text) {
    if (!text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new BadInputException(name, "has characters that no key has");
    }
    return new ApiKey(text);
  }

  /** The value of the header that carries it. */
  String header() {
    return "Bearer " + text;
  }

  /** What a server says, should it repeat the key. */
  String hiddenIn(String said) {
    return said.replace(text, HIDDEN);
  }

  @Override
  public String toString() {
    return HIDDEN;
  }
}
