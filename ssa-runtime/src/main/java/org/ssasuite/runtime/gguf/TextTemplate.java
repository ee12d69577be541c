package org.ssasuite.runtime.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The tokens that a tokenizer puts around a text.
 *
 * @param begin absent: none
 * @param end absent: none
 */
record TextTemplate(Optional<Token> begin, Optional<Token> end) {
  TextTemplate {
    Objects.requireNonNull(begin);
    Objects.requireNonNull(end);
  }

  /** A token by its text and its id. */
  record Token(String text, int id) {
    Token {
      Objects.requireNonNull(text);
    }
  }

  /** As the {@code post_processor} of a {@code tokenizer.json}: null where there is no token. */
  JsonNode json() {
    if (begin.isEmpty() && end.isEmpty()) {
      return JsonNodeFactory.instance.nullNode();
    }
    ObjectNode template = JsonNodeFactory.instance.objectNode().put("type", "TemplateProcessing");
    putText(template.putArray("single"), "A", 0);
    ArrayNode pair = template.putArray("pair");
    putText(pair, "A", 0);
    putText(pair, "B", 1);
    ObjectNode special = template.putObject("special_tokens");
    for (Optional<Token> token : List.of(begin, end)) {
      token.ifPresent(
          one -> {
            ObjectNode named = special.putObject(one.text()).put("id", one.text());
            named.putArray("ids").add(one.id());
            named.putArray("tokens").add(one.text());
          });
    }
    return template;
  }

  private void putText(ArrayNode to, String name, int type) {
    begin.ifPresent(token -> put(to, "SpecialToken", token.text(), type));
    put(to, "Sequence", name, type);
    end.ifPresent(token -> put(to, "SpecialToken", token.text(), type));
  }

  private static void put(ArrayNode to, String kind, String id, int type) {
    to.addObject().putObject(kind).put("id", id).put("type_id", type);
  }
}
