package org.ssasuite.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.StreamSupport;

/**
 * How a byte-level BPE tokenizer cuts a text into pieces before it merges bytes. No token lies
 * across two pieces, so their tokens add up.
 *
 * @param pieces matches a piece; what lies between two matches is one too
 * @param linesApart whether a piece ends at every line feed that a character other than white space
 *     follows, or a space and such a character
 * @param added texts that are tokens of their own wherever they stand, pieces or not
 */
record PieceRule(Pattern pieces, boolean linesApart, List<String> added) {
  private static final String GPT_2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final String LLAMA_3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** In both, white space other than a last space goes to pieces that no letter follows in. */
  private static final Set<String> LINES_APART = Set.of(GPT_2, LLAMA_3);

  PieceRule {
    added = List.copyOf(added);
  }

  /**
   * The rule of a {@code tokenizer.json}; absent where it has another form than byte-level BPE
   * behind at most one regular expression, with the text as it is.
   */
  static Optional<PieceRule> of(JsonNode tokenizer) {
    boolean bytePairs = tokenizer.path("model").path("type").asText().equals("BPE");
    if (!bytePairs || !tokenizer.path("normalizer").isNull()) {
      return Optional.empty();
    }
    List<String> added = new ArrayList<>();
    tokenizer.path("added_tokens").forEach(token -> added.add(token.path("content").asText()));
    return expression(tokenizer.path("pre_tokenizer"))
        .flatMap(PieceRule::compiled)
        .map(pieces -> new PieceRule(pieces, LINES_APART.contains(pieces.pattern()), added));
  }

  private static Optional<String> expression(JsonNode rule) {
    if (isByteLevel(rule, true)) {
      return Optional.of(GPT_2);
    }
    List<JsonNode> steps =
        StreamSupport.stream(rule.path("pretokenizers").spliterator(), false).toList();
    if (steps.size() == 2 && isSplit(steps.get(0)) && isByteLevel(steps.get(1), false)) {
      return Optional.of(steps.get(0).path("pattern").path("Regex").textValue());
    }
    return Optional.empty();
  }

  private static boolean isByteLevel(JsonNode step, boolean ownExpression) {
    return step.path("type").asText().equals("ByteLevel")
        && !step.path("add_prefix_space").asBoolean(true)
        && step.path("use_regex").asBoolean(true) == ownExpression;
  }

  private static boolean isSplit(JsonNode step) {
    return step.path("type").asText().equals("Split")
        && step.path("behavior").asText().equals("Isolated")
        && !step.path("invert").asBoolean(true)
        && step.path("pattern").path("Regex").isTextual();
  }

  private static Optional<Pattern> compiled(String expression) {
    try {
      return Optional.of(Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS));
    } catch (PatternSyntaxException e) {
      // An expression that Java cannot read: the tokenizer itself has to cut every text.
      return Optional.empty();
    }
  }

  /** Whether a text holds an added token, which the pieces say nothing about. */
  boolean holdsAdded(String text) {
    return added.stream().anyMatch(text::contains);
  }
}
