package org.ssasuite.runtime.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.HalfSurrogates;
import org.ssasuite.runtime.gguf.GgufFile;
import org.ssasuite.runtime.gguf.GgufTokenizer;

/**
 * A {@code tokenizer.json} that can be handed to the tokenizer library. The library (tokenizers
 * 0.21 in DJL 0.38.0) does not survive every file: where it unwraps an error the whole process
 * ends, and some files make it take any memory or time. So what published tokenizers have is let
 * through, and nothing else.
 *
 * @param text the file, unpacked, or what stands for it
 * @param changed whether it is another than the file's: made of a GGUF file, or with what the
 *     settings beside it change
 */
record TokenizerJson(String text, JsonNode tree, boolean changed) {
  /** The largest published ones have 35 MiB. */
  private static final long MAX_BYTES = 64L << 20;

  /** The library's own JSON reader gives up at 128 levels, in its decoders without a way back. */
  private static final int MAX_DEPTH = 64;

  /** Blocks that say how long texts are to be. */
  private static final List<String> LENGTHS = List.of("truncation", "padding");

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
   * Reads a file with the settings beside it, or makes what it would say of a GGUF file.
   *
   * @throws BadInputException if it is missing, or no JSON object that the library survives
   */
  static TokenizerJson read(Path file) {
    boolean gguf = GgufFile.isNamed(file);
    String text =
        gguf ? GgufTokenizer.json(GgufFile.read(file)) : new DataFile(file, MAX_BYTES).text();
    try {
      JsonNode own = MAPPER.readTree(text);
      if (!own.isObject()) {
        throw new BadInputException(file, "not a tokenizer: no JSON object");
      }
      Optional<JsonNode> changed =
          gguf
              ? Optional.empty()
              : TokenizerSettings.beside(file).flatMap(settings -> settings.changed(own));
      JsonNode tree = changed.orElse(own);
      requireSound(file, tree);
      requireKnown(file, tree);
      requirePrefixed(file, tree.path("model"));
      return new TokenizerJson(
          changed.map(JsonNode::toString).orElse(text), tree, gguf || changed.isPresent());
    } catch (JsonProcessingException e) {
      throw new BadInputException(file.toString(), "not a tokenizer: " + e.getOriginalMessage(), e);
    }
  }

  /** Those of its blocks on the lengths of texts that say something. */
  static List<String> ignored(Path file) {
    List<String> blocks = new ArrayList<>();
    try (JsonParser parser = MAPPER.createParser(new DataFile(file, MAX_BYTES).text())) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String key = parser.currentName();
          boolean says = parser.nextToken() != JsonToken.VALUE_NULL;
          if (says && LENGTHS.contains(key)) {
            blocks.add(key);
          }
          parser.skipChildren();
        }
      }
      return blocks;
    } catch (JsonProcessingException e) {
      throw new BadInputException(file.toString(), "not a tokenizer: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
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
