package org.ssasuite.runtime.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.HalfSurrogates;

/**
 * A {@code tokenizer.json} that can be handed to the tokenizer library. The library (tokenizers
 * 0.21 in DJL 0.38.0) does not survive every file: where it unwraps an error the whole process
 * ends, and some files make it take any memory or time. So what published tokenizers have is let
 * through, and nothing else.
 *
 * @param text the file, unpacked
 */
record TokenizerJson(String text, JsonNode tree) {
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

  /**
   * Reads a file.
   *
   * @throws BadInputException if it is missing, or no JSON object that the library survives
   */
  static TokenizerJson read(Path file) {
    String text = new DataFile(file, MAX_BYTES).text();
    try {
      JsonNode tree = MAPPER.readTree(text);
      if (!tree.isObject()) {
        throw new BadInputException(file, "not a tokenizer: no JSON object");
      }
      requireSound(file, tree);
      requireKnown(file, tree);
      requirePrefixed(file, tree.path("model"));
      return new TokenizerJson(text, tree);
    } catch (JsonProcessingException e) {
      throw new BadInputException(file.toString(), "not a tokenizer: " + e.getOriginalMessage(), e);
    }
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
  }

  /** Nothing but what published tokenizers have, and that not in a size that none has. */
  private static void requireKnown(Path file, JsonNode tokenizer) {
    for (TokenizerPart part : TokenizerPart.values()) {
      refuse(file, part.unknown(tokenizer));
    }
    refuse(file, new TokenizerVocabulary(tokenizer).unknown());
    for (String expression : TokenizerGrowth.expressions(tokenizer)) {
      refuse(
          file,
          TokenizerPattern.refusal(expression)
              .map(fact -> "a regular expression that " + fact + ": " + expression));
    }
    double texts = TokenizerGrowth.ofTexts(tokenizer);
    if (!(texts <= TokenizerGrowth.MAX)) {
      refuse(file, Optional.of("a normalizer that can make " + growth(texts)));
    }
    double tokens = TokenizerGrowth.ofTokens(tokenizer);
    if (!(tokens <= TokenizerGrowth.MAX)) {
      refuse(file, Optional.of("a decoder that can make " + growth(tokens)));
    }
  }

  private static String growth(double factor) {
    return "a text %.0f times as long; at most %.0f times".formatted(factor, TokenizerGrowth.MAX);
  }

  private static void refuse(Path file, Optional<String> fact) {
    fact.ifPresent(
        has -> {
          throw new BadInputException(file, "has " + has);
        });
  }

  private static void requireWhole(Path file, String text) {
    if (HalfSurrogates.firstIn(text).isPresent()) {
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
