package org.ssasuite.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How many times its size a text can have when all steps of a tokenizer have worked on it, in bytes
 * of UTF-8 and at most. The largest of the published tokenizers' is ALBERT's: 11 times for the one
 * character that its table makes 11 of, and 4 for the marks that begin its words.
 */
final class TokenizerGrowth {
  /** More than any published tokenizer can do; a text of 64 MiB is then still no 4 GiB. */
  static final double MAX = 64;

  /** Of Unicode's normal forms with compatibility, U+FDFA; those without it make 3 times. */
  private static final double COMPATIBLE = 11;

  private static final Pattern SPACES = Pattern.compile(" +(?:\\+|\\{[0-9]+,?[0-9]*\\})?");

  private TokenizerGrowth() {}

  /** From a text to what the model sees. */
  static double ofTexts(JsonNode tokenizer) {
    double factor = 1;
    // A text in one normal form does not grow again in another.
    double forms = 1;
    // Spaces that became marks are none that become marks again.
    double marks = 1;
    for (JsonNode step : TokenizerPart.NORMALIZER.steps(tokenizer)) {
      switch (step.path("type").asText()) {
        case "NFC", "NFD", "StripAccents" -> forms = Math.max(forms, 3);
        case "NFKC", "NFKD" -> forms = Math.max(forms, COMPATIBLE);
        // A space on each side of a Chinese character, letters without their accents.
        case "BertNormalizer" -> forms = Math.max(forms, 5);
        case "Replace" -> {
          if (marksSpaces(step)) {
            marks = Math.max(marks, replaced(step));
          } else {
            factor *= replaced(step);
          }
        }
        case "Precompiled" ->
            factor *=
                PrecompiledCharacters.growth(step.path("precompiled_charsmap").asText())
                    .orElse(Double.POSITIVE_INFINITY);
        // Short prefixes, once a text; letters' other case has a byte more at most.
        default -> {}
      }
    }
    for (JsonNode step : TokenizerPart.PRE_TOKENIZER.steps(tokenizer)) {
      switch (step.path("type").asText()) {
        case "ByteLevel" -> factor *= 2;
        // In the place of each space, and before a word.
        case "Metaspace" ->
            marks = Math.max(marks, 1 + bytes(step.path("replacement").asText("\u2581")));
        default -> {}
      }
    }
    return factor * forms * marks;
  }

  /** Whether it puts something else in the place of spaces, as SentencePiece does of several. */
  private static boolean marksSpaces(JsonNode step) {
    JsonNode pattern = step.path("pattern");
    String spaces = pattern.path("String").asText(pattern.path("Regex").asText());
    return SPACES.matcher(spaces).matches() && step.path("content").asText().indexOf(' ') < 0;
  }

  /** From tokens to their text. */
  static double ofTokens(JsonNode tokenizer) {
    double factor = 1;
    for (JsonNode step : TokenizerPart.DECODER.steps(tokenizer)) {
      factor *= step.path("type").asText().equals("Replace") ? replaced(step) : 1;
    }
    return factor;
  }

  private static double replaced(JsonNode step) {
    JsonNode pattern = step.path("pattern");
    // Of an expression it is known that it does not match nothing.
    int least = pattern.has("String") ? bytes(pattern.path("String").asText()) : 1;
    return Math.max(1.0, (double) bytes(step.path("content").asText()) / least);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** All regular expressions of a tokenizer's parts. */
  static List<String> expressions(JsonNode tokenizer) {
    return List.of(TokenizerPart.NORMALIZER, TokenizerPart.PRE_TOKENIZER, TokenizerPart.DECODER)
        .stream()
        .flatMap(part -> part.steps(tokenizer).stream())
        .map(step -> step.path("pattern").path("Regex"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .toList();
  }
}
