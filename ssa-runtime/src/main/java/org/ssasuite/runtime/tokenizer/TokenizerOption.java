package org.ssasuite.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The values that an option of a tokenizer's part may have, as published tokenizers state them. */
enum TokenizerOption {
  FLAG {
    @Override
    boolean allows(JsonNode value) {
      return value.isBoolean();
    }
  },
  FLAG_OR_NULL {
    @Override
    boolean allows(JsonNode value) {
      return value.isBoolean() || value.isNull();
    }
  },
  /** What is put before texts, or stands for a character: a few characters. */
  SHORT_TEXT {
    @Override
    boolean allows(JsonNode value) {
      return value.isTextual() && bytes(value) <= MAX_SHORT_BYTES;
    }
  },
  CHARACTER {
    @Override
    boolean allows(JsonNode value) {
      String text = value.asText();
      return value.isTextual() && text.codePointCount(0, text.length()) == 1;
    }
  },
  /** What replaces; how much it makes of a text is another question. */
  TEXT {
    @Override
    boolean allows(JsonNode value) {
      return value.isTextual();
    }
  },
  /** A text that is not empty, or a regular expression; which of these, is another question. */
  PATTERN {
    @Override
    boolean allows(JsonNode value) {
      JsonNode found = value.size() == 1 ? value.path("String") : value;
      return value.isObject()
          && value.size() == 1
          && (value.path("Regex").isTextual()
              || (found.isTextual() && !found.textValue().isEmpty()));
    }
  },
  BEHAVIOR {
    @Override
    boolean allows(JsonNode value) {
      return Set.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous")
          .contains(value.asText());
    }
  },
  SCHEME {
    @Override
    boolean allows(JsonNode value) {
      return Set.of("first", "never", "always").contains(value.asText());
    }
  },
  /** How many characters a decoder strips: behind a token's last one the library looks too far. */
  ONE_AT_MOST {
    @Override
    boolean allows(JsonNode value) {
      return value.isInt() && (value.intValue() == 0 || value.intValue() == 1);
    }
  },
  NONE {
    @Override
    boolean allows(JsonNode value) {
      return value.isInt() && value.intValue() == 0;
    }
  },
  TABLE {
    @Override
    boolean allows(JsonNode value) {
      return value.isTextual() && PrecompiledCharacters.growth(value.textValue()).isPresent();
    }
  },
  /** A token and its id. */
  TOKEN {
    @Override
    boolean allows(JsonNode value) {
      return value.isArray()
          && value.size() == 2
          && SHORT_TEXT.allows(value.get(0))
          && value.get(1).isInt()
          && value.get(1).intValue() >= 0;
    }
  },
  /** Further parts, which are looked at by themselves. */
  PARTS {
    @Override
    boolean allows(JsonNode value) {
      return value.isArray();
    }
  },
  /** What a template puts around one text. */
  SINGLE {
    @Override
    boolean allows(JsonNode value) {
      return isTemplate(value) && sequences(value, "A") == 1 && sequences(value, "B") == 0;
    }
  },
  PAIR {
    @Override
    boolean allows(JsonNode value) {
      return isTemplate(value) && sequences(value, "A") == 1 && sequences(value, "B") == 1;
    }
  },
  /** The ids of what a template names. */
  TEMPLATE_TOKENS {
    @Override
    boolean allows(JsonNode value) {
      return value.isObject()
          && value.size() <= MAX_TEMPLATE
          && value.properties().stream()
              .allMatch(
                  entry ->
                      entry.getValue().path("ids").size() <= MAX_TEMPLATE
                          && entry.getValue().path("tokens").size()
                              == entry.getValue().path("ids").size());
    }
  };

  /** Unknown tokens, prefixes and the like: published ones have 13 bytes at most. */
  static final int MAX_SHORT_BYTES = 64;

  private static final int MAX_TEMPLATE = 16;

  /** Whether a part may have this value. */
  abstract boolean allows(JsonNode value);

  private static int bytes(JsonNode text) {
    return text.textValue().getBytes(StandardCharsets.UTF_8).length;
  }

  private static boolean isTemplate(JsonNode pieces) {
    return pieces.isArray() && pieces.size() <= MAX_TEMPLATE;
  }

  private static int sequences(JsonNode template, String id) {
    int count = 0;
    for (JsonNode piece : template) {
      count += piece.path("Sequence").path("id").asText().equals(id) ? 1 : 0;
    }
    return count;
  }
}
