package org.ssasuite.runtime.tokenizer;

import static java.util.Map.entry;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.BEHAVIOR;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.CHARACTER;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.FLAG;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.FLAG_OR_NULL;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.NONE;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.ONE_AT_MOST;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.PAIR;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.PARTS;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.PATTERN;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.SCHEME;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.SHORT_TEXT;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.SINGLE;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.TABLE;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.TEMPLATE_TOKENS;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.TEXT;
import static org.ssasuite.runtime.tokenizer.TokenizerOption.TOKEN;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a tokenizer beside its model, and for each the types and options that published
 * tokenizers have: Llama 2 and 3, SmolLM2, Qwen 2 and 3, Gemma, Mistral, GPT-2, 4 and 4o, Phi-3,
 * DeepSeek, Falcon, StarCoder, Granite, OLMo, GPT-NeoX, InternLM, Yi, BLOOM, BERT, T5, ALBERT.
 * Other types and options than these are refused, whether or not the library knows them.
 */
enum TokenizerPart {
  NORMALIZER(
      "normalizer",
      "normalizers",
      Map.ofEntries(
          entry("Sequence", Map.of("normalizers", PARTS)),
          entry("Prepend", Map.of("prepend", SHORT_TEXT)),
          entry("Replace", Map.of("pattern", PATTERN, "content", TEXT)),
          entry("NFC", Map.of()),
          entry("NFD", Map.of()),
          entry("NFKC", Map.of()),
          entry("NFKD", Map.of()),
          entry("Nmt", Map.of()),
          entry("Lowercase", Map.of()),
          entry("StripAccents", Map.of()),
          entry("Strip", Map.of("strip_left", FLAG, "strip_right", FLAG)),
          entry(
              "BertNormalizer",
              Map.of(
                  "clean_text",
                  FLAG,
                  "handle_chinese_chars",
                  FLAG,
                  "strip_accents",
                  FLAG_OR_NULL,
                  "lowercase",
                  FLAG)),
          entry("Precompiled", Map.of("precompiled_charsmap", TABLE)))),
  PRE_TOKENIZER(
      "pre_tokenizer",
      "pretokenizers",
      Map.ofEntries(
          entry("Sequence", Map.of("pretokenizers", PARTS)),
          entry("ByteLevel", byteLevel()),
          entry("Split", Map.of("pattern", PATTERN, "behavior", BEHAVIOR, "invert", FLAG)),
          entry("Digits", Map.of("individual_digits", FLAG)),
          entry("Metaspace", metaspace()),
          entry("Punctuation", Map.of("behavior", BEHAVIOR)),
          entry("Whitespace", Map.of()),
          entry("WhitespaceSplit", Map.of()),
          entry("BertPreTokenizer", Map.of()))),
  POST_PROCESSOR(
      "post_processor",
      "processors",
      Map.of(
          "Sequence",
          Map.of("processors", PARTS),
          "ByteLevel",
          byteLevel(),
          "BertProcessing",
          Map.of("sep", TOKEN, "cls", TOKEN),
          "RobertaProcessing",
          Map.of("sep", TOKEN, "cls", TOKEN, "trim_offsets", FLAG, "add_prefix_space", FLAG),
          "TemplateProcessing",
          Map.of("single", SINGLE, "pair", PAIR, "special_tokens", TEMPLATE_TOKENS))),
  DECODER(
      "decoder",
      "decoders",
      Map.ofEntries(
          entry("Sequence", Map.of("decoders", PARTS)),
          entry("ByteLevel", byteLevel()),
          entry("Metaspace", metaspace()),
          entry("Replace", Map.of("pattern", PATTERN, "content", TEXT)),
          entry("ByteFallback", Map.of()),
          entry("Fuse", Map.of()),
          entry("Strip", Map.of("content", CHARACTER, "start", ONE_AT_MOST, "stop", NONE)),
          entry("WordPiece", Map.of("prefix", SHORT_TEXT, "cleanup", FLAG)),
          entry("BPEDecoder", Map.of("suffix", SHORT_TEXT))));

  /** Steps of one part; DeepSeek's seven are the most among published ones. */
  private static final int MAX_STEPS = 32;

  private final String key;
  private final String steps;

  @SuppressWarnings("ImmutableEnumChecker") // maps that cannot be changed
  private final Map<String, Map<String, TokenizerOption>> types;

  TokenizerPart(String key, String steps, Map<String, Map<String, TokenizerOption>> types) {
    this.key = key;
    this.steps = steps;
    this.types = types;
  }

  private static Map<String, TokenizerOption> byteLevel() {
    return Map.of("add_prefix_space", FLAG, "trim_offsets", FLAG, "use_regex", FLAG);
  }

  private static Map<String, TokenizerOption> metaspace() {
    return Map.of(
        "replacement",
        CHARACTER,
        "prepend_scheme",
        SCHEME,
        "split",
        FLAG,
        "add_prefix_space",
        FLAG,
        "str_rep",
        CHARACTER);
  }

  /** Its steps in a {@code tokenizer.json}, in their order; none where it is absent or null. */
  List<JsonNode> steps(JsonNode tokenizer) {
    List<JsonNode> all = new ArrayList<>();
    collect(tokenizer.path(key), all);
    return all;
  }

  /** Whether it has one step, of this type. */
  boolean isOnly(String type, JsonNode tokenizer) {
    List<JsonNode> all = steps(tokenizer);
    return all.size() == 1 && all.get(0).path("type").asText().equals(type);
  }

  private void collect(JsonNode part, List<JsonNode> all) {
    if (part.path("type").asText().equals("Sequence")) {
      part.path(steps).forEach(step -> collect(step, all));
    } else if (!part.isNull() && !part.isMissingNode()) {
      all.add(part);
    }
  }

  /** What a tokenizer has here that no published one has; absent if it has nothing such. */
  Optional<String> unknown(JsonNode tokenizer) {
    int count = steps(tokenizer).size();
    return count > MAX_STEPS
        ? Optional.of("'" + key + "' has " + count + " steps; at most " + MAX_STEPS)
        : unknownStep(tokenizer.path(key), true);
  }

  private Optional<String> unknownStep(JsonNode part, boolean mayBeAbsent) {
    if (mayBeAbsent && (part.isNull() || part.isMissingNode())) {
      return Optional.empty();
    }
    String type = part.path("type").asText();
    Map<String, TokenizerOption> options = types.get(type);
    if (options == null) {
      return Optional.of("'" + key + "' of type '" + type + "', which no published tokenizer has");
    }
    for (Map.Entry<String, JsonNode> stated : part.properties()) {
      String name = stated.getKey();
      TokenizerOption option = options.get(name);
      if (!name.equals("type") && (option == null || !option.allows(stated.getValue()))) {
        return Optional.of(
            "'%s' of type %s with '%s': %s, which no published tokenizer has"
                .formatted(key, type, name, stated.getValue()));
      }
    }
    for (JsonNode step : part.path(steps)) {
      Optional<String> unknown = unknownStep(step, false);
      if (unknown.isPresent()) {
        return unknown;
      }
    }
    return Optional.empty();
  }
}
