package org.ssasuite.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonDocument;

/**
 * What a {@code tokenizer_config.json} changes of the {@code tokenizer.json} beside it: tokens that
 * it alone adds. Its {@code add_bos_token} changes nothing, as in transformers 5.
 *
 * <p>Source: transformers 5.24, {@code TokenizersBackend.__init__}; 4.53's {@code
 * PreTrainedTokenizerFast} has the same rule.
 *
 * @param file what messages name
 */
record TokenizerSettings(Path file, JsonNode stated) {
  private static final String NAME = "tokenizer_config.json";
  private static final String DECODER = "added_tokens_decoder";
  private static final String ADDED = "added_tokens";
  private static final List<String> FLAGS =
      List.of("single_word", "lstrip", "rstrip", "normalized", "special");

  private static final long MAX_BYTES = 4L << 20;

  /** The settings beside a tokenizer's file; absent where there are none. */
  static Optional<TokenizerSettings> beside(Path tokenizer) {
    Path file = tokenizer.resolveSibling(NAME);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    JsonNode stated =
        JsonDocument.read(new DataFile(file, MAX_BYTES), JsonDocument.Keys.LAST_COUNTS);
    if (!stated.isObject()) {
      throw new BadInputException(file, "not a JSON object");
    }
    return Optional.of(new TokenizerSettings(file, stated));
  }

  /**
   * The tokenizer as it is with these settings.
   *
   * @param tokenizer a whole {@code tokenizer.json}, which stays as it is
   * @return absent if nothing changes
   * @throws BadInputException if a token would have another id than is stated, or something is no
   *     token
   */
  Optional<JsonNode> changed(JsonNode tokenizer) {
    List<ObjectNode> more = missing(tokenizer);
    if (more.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode changed = tokenizer.deepCopy();
    ArrayNode added =
        changed.path(ADDED).isArray() ? (ArrayNode) changed.path(ADDED) : changed.putArray(ADDED);
    more.forEach(added::add);
    return Optional.of(changed);
  }

  /** Tokens that the tokenizer has not, in the order of their ids. */
  private List<ObjectNode> missing(JsonNode tokenizer) {
    JsonNode decoder = stated.path(DECODER);
    if (decoder.isMissingNode() || decoder.isNull()) {
      return List.of();
    }
    Set<String> known = new HashSet<>();
    int next = new TokenizerVocabulary(tokenizer).size();
    for (JsonNode token : tokenizer.path(ADDED)) {
      known.add(token.path("content").asText());
      next = Math.max(next, token.path("id").asInt() + 1);
    }
    Map<Integer, JsonNode> byId = new TreeMap<>();
    decoder.properties().forEach(entry -> byId.put(id(entry.getKey()), entry.getValue()));
    List<ObjectNode> missing = new ArrayList<>();
    for (Map.Entry<Integer, JsonNode> entry : byId.entrySet()) {
      String content = content(entry.getValue());
      if (content.isEmpty() || !known.add(content)) {
        continue;
      }
      OptionalInt inModel = new TokenizerVocabulary(tokenizer).id(content);
      int given = inModel.orElse(next);
      if (given != entry.getKey()) {
        throw bad(
            "has '%s' with id %d; behind its tokenizer.json it gets %d"
                .formatted(content, entry.getKey(), given));
      }
      next = Math.max(next, given + 1);
      missing.add(token(tokenizer, content, entry));
    }
    return List.copyOf(missing);
  }

  private ObjectNode token(JsonNode tokenizer, String content, Map.Entry<Integer, JsonNode> entry) {
    ObjectNode token = ((ObjectNode) tokenizer).objectNode();
    token.put("id", entry.getKey()).put("content", content);
    boolean special = entry.getValue().path("special").asBoolean();
    for (String flag : FLAGS) {
      // An added token is normalized by default unless it is special.
      boolean silent = flag.equals("normalized") && !special;
      token.put(flag, entry.getValue().path(flag).asBoolean(silent));
    }
    return token;
  }

  private int id(String key) {
    try {
      return Integer.parseUnsignedInt(key);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          file.toString(), "'" + DECODER + "' has '" + key + "' in place of a token's id", e);
    }
  }

  private String content(JsonNode token) {
    if (!token.path("content").isTextual()) {
      throw bad("has " + token + "; a token's text is needed");
    }
    return token.path("content").textValue();
  }

  private BadInputException bad(String fact) {
    return new BadInputException(file, "'" + DECODER + "' " + fact);
  }
}
