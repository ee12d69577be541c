package org.ssasuite.runtime.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.NearName;
import org.ssasuite.core.files.JsonDocument;

/**
 * The models that a server says to have.
 *
 * @param owners who a server says made or serves each of them, by its id; empty where it says
 *     nothing
 */
public record ServedList(Map<String, String> owners) {
  private static final int SHOWN = 10;

  public ServedList {
    owners = new LinkedHashMap<>(owners);
  }

  /**
   * Reads an answer of route {@code /models}.
   *
   * @param subject what messages name
   * @throws BadInputException if it is none
   */
  public static ServedList read(String subject, String json) {
    JsonNode models = JsonDocument.read(subject, json, JsonDocument.Keys.ONCE).path("data");
    if (!models.isArray()) {
      throw new BadInputException(subject, "its list of models has no 'data'");
    }
    Map<String, String> owners = new LinkedHashMap<>();
    for (JsonNode model : models) {
      if (!model.path("id").isTextual()) {
        throw new BadInputException(subject, "its list of models has one without an 'id'");
      }
      owners.put(model.path("id").textValue(), model.path("owned_by").asText(""));
    }
    return new ServedList(owners);
  }

  /**
   * Who serves a model.
   *
   * @throws BadInputException if it is not among them
   */
  Optional<String> owner(String subject, String served) {
    if (!owners.containsKey(served)) {
      String some = String.join(", ", owners.keySet().stream().limit(SHOWN).toList());
      throw new BadInputException(
          subject,
          "serves no model '%s', but %s%s%s"
              .formatted(
                  served,
                  owners.isEmpty() ? "none" : some,
                  owners.size() > SHOWN ? " and " + (owners.size() - SHOWN) + " more" : "",
                  NearName.hint(served, owners.keySet())));
    }
    return Optional.of(owners.get(served)).filter(owner -> !owner.isEmpty());
  }
}
