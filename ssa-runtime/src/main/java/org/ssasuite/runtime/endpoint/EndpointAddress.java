package org.ssasuite.runtime.endpoint;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.python.PythonText;

/**
 * Where a server's completions are, as {@code http://host:8000/v1}.
 *
 * @param base without a slash at its end
 */
public record EndpointAddress(URI base) {
  private static final String VERSION = "/v1";

  public EndpointAddress {
    Objects.requireNonNull(base);
  }

  /** Whether a model's name is an address, and not a folder. */
  public static boolean is(String model) {
    String lower = PythonText.lower(model);
    return lower.startsWith("http://") || lower.startsWith("https://");
  }

  /**
   * Reads an address. Where it has what may be secret, no message repeats it.
   *
   * @throws BadInputException for what is none, and for one with a user, a query or a fragment
   */
  public static EndpointAddress parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      // The exception repeats the text.
      throw new BadInputException(
          "--model", "is no address: " + e.getReason() + " at character " + e.getIndex());
    }
    if (uri.getRawUserInfo() != null) {
      throw new BadInputException(
          "--model", "its address holds a user or password; keys are read from SSA_API_KEY");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new BadInputException("--model", "its address ends in a query or a fragment");
    }
    if (uri.getHost() == null) {
      throw new BadInputException("--model " + text, "names no host");
    }
    String plain = uri.toString();
    int end = plain.length();
    while (plain.charAt(end - 1) == '/') {
      end--;
    }
    return new EndpointAddress(URI.create(plain.substring(0, end)));
  }

  /** A route beside the completions. */
  URI route(String name) {
    return URI.create(base + name);
  }

  /** A route of the server itself, before its version. */
  URI rootRoute(String name) {
    String text = base.toString();
    String root =
        text.endsWith(VERSION) ? text.substring(0, text.length() - VERSION.length()) : text;
    return URI.create(root + name);
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
