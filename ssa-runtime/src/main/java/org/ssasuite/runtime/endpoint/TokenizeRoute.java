package org.ssasuite.runtime.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.JsonDocument;

/**
 * Where a server shows how it reads a text, special tokens of its own included. Source: the servers
 * of llama.cpp and vLLM ({@code /tokenize}) and of llama-cpp-python ({@code /extras/tokenize}).
 */
public enum TokenizeRoute {
  TOKENIZE("/tokenize"),
  EXTRAS("/extras/tokenize");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String path;

  TokenizeRoute(String path) {
    this.path = path;
  }

  /** From the server's root. */
  public String path() {
    return path;
  }

  String json(String served, String text) {
    ObjectNode request = JSON.createObjectNode();
    if (this == EXTRAS) {
      return request.put("input", text).toString();
    }
    // The first two are llama.cpp's, the others vLLM's; each passes over what it does not know.
    return request
        .put("content", text)
        .put("add_special", true)
        .put("model", served)
        .put("prompt", text)
        .put("add_special_tokens", true)
        .toString();
  }

  /**
   * Reads an answer.
   *
   * @param subject what messages name
   * @throws BadInputException if it has no ids
   */
  public static int[] read(String subject, String json) {
    JsonNode tokens = JsonDocument.read(subject, json, JsonDocument.Keys.ONCE).path("tokens");
    if (!tokens.isArray()) {
      throw new BadInputException(subject, "its answer to how it reads a text has no 'tokens'");
    }
    int[] ids = new int[tokens.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = tokens.get(i);
      if (!id.isInt() || id.intValue() < 0) {
        throw new BadInputException(
            subject, "its answer to how it reads a text has " + id + " among the 'tokens'");
      }
      ids[i] = id.intValue();
    }
    return ids;
  }
}
