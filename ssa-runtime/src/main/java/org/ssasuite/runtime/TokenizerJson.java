package org.ssasuite.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;

/**
 * A {@code tokenizer.json} that can be handed to the tokenizer library. The library (tokenizers
 * 0.21.4 in DJL 0.38.0) does not survive every file: where it unwraps an error the whole process
 * ends. What is known to do that is refused here.
 */
final class TokenizerJson {
  /** The largest published ones have 35 MiB. */
  private static final long MAX_BYTES = 64L << 20;

  /** The library's own JSON reader gives up at 128 levels, in its decoders without a way back. */
  private static final int MAX_DEPTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private TokenizerJson() {}

  /**
   * The file's bytes, unpacked.
   *
   * @throws BadInputException if it is missing, or no JSON object that the library survives
   */
  static byte[] read(Path file) {
    String text = new DataFile(file, MAX_BYTES).text();
    try {
      JsonNode tokenizer = MAPPER.readTree(text);
      if (!tokenizer.isObject()) {
        throw new BadInputException(file, "not a tokenizer: no JSON object");
      }
      requireSound(file, tokenizer);
      requirePrefixed(file, tokenizer.path("model"));
    } catch (JsonProcessingException e) {
      throw new BadInputException(file.toString(), "not a tokenizer: " + e.getOriginalMessage(), e);
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** No number beyond double precision and no half of a surrogate pair: JSON has both. */
  private static void requireSound(Path file, JsonNode node) {
    if (node.isNumber() && !Double.isFinite(node.doubleValue())) {
      throw new BadInputException(file, "not a tokenizer: a number is out of range");
    }
    if (node.isTextual()) {
      requireWhole(file, node.textValue());
    }
    for (JsonNode below : node) {
      requireSound(file, below);
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      requireWhole(file, entry.getKey());
    }
    requireHarmless(file, node);
  }

  /** Of the parts of a tokenizer those that work on texts by a program of their own. */
  private static void requireHarmless(Path file, JsonNode part) {
    if (part.path("Regex").isTextual()) {
      String pattern = part.path("Regex").textValue();
      TokenizerPattern.danger(pattern)
          .ifPresent(
              fact -> {
                throw new BadInputException(
                    file, "the regular expression " + fact + ": " + pattern);
              });
    }
    JsonNode table = part.path("precompiled_charsmap");
    if (!table.isMissingNode() && !PrecompiledCharacters.isSound(table.asText())) {
      throw new BadInputException(file, "'precompiled_charsmap' is no table of characters");
    }
  }

  private static void requireWhole(Path file, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new BadInputException(file, "not a tokenizer: half of a surrogate pair in a text");
    }
  }

  /** The library cuts the prefix off each merge's second part without a look. */
  private static void requirePrefixed(Path file, JsonNode model) {
    String prefix = model.path("continuing_subword_prefix").asText("");
    if (prefix.isEmpty() || model.path("continuing_subword_prefix").isNull()) {
      return;
    }
    for (JsonNode merge : model.path("merges")) {
      String second =
          merge.isArray()
              ? merge.path(1).asText("")
              : merge.asText("").substring(merge.asText("").indexOf(' ') + 1);
      if (!second.startsWith(prefix)) {
        throw new BadInputException(
            file, "not a tokenizer: the merge " + merge + " does not go on with '" + prefix + "'");
      }
    }
  }
}
