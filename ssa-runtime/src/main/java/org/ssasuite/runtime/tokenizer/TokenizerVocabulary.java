package org.ssasuite.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A tokenizer's model and the tokens that were added to it: options as published tokenizers have
 * them, sizes that their work grows with, and which id a token has.
 *
 * @param tokenizer a whole {@code tokenizer.json}
 */
record TokenizerVocabulary(JsonNode tokenizer) {
  /**
   * The library compares each added token with all before it: this many take four seconds. Gemma
   * 3's 6,415 are the most among published ones.
   */
  private static final int MAX_ADDED = 24_576;

  /** Of a token; Claude's 1,024 spaces have 2,048. */
  private static final int MAX_TOKEN_BYTES = 4_096;

  /** Of a token of a Unigram model, which looks for each at every place of a text. */
  private static final int MAX_PIECE_BYTES = 512;

  /** What the library tries of a word grows with its square. Published: 100. */
  private static final int MAX_WORD_CHARACTERS = 200;

  private static final Map<String, Set<String>> OPTIONS =
      Map.of(
          "BPE",
          Set.of(
              "dropout",
              "unk_token",
              "continuing_subword_prefix",
              "end_of_word_suffix",
              "fuse_unk",
              "byte_fallback",
              "ignore_merges",
              "vocab",
              "merges"),
          "Unigram",
          Set.of("unk_id", "vocab", "byte_fallback"),
          "WordPiece",
          Set.of("unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab"),
          "WordLevel",
          Set.of("vocab", "unk_token"));

  private JsonNode model() {
    return tokenizer.path("model");
  }

  /** The model's type; files of the first years do not state it, the library tells it so too. */
  String type() {
    JsonNode model = model();
    if (model.has("type")) {
      return model.path("type").asText();
    }
    if (model.has("merges")) {
      return "BPE";
    }
    if (model.path("vocab").isArray()) {
      return "Unigram";
    }
    return model.has("max_input_chars_per_word") ? "WordPiece" : "WordLevel";
  }

  /** What it has that no published tokenizer has; absent if it has nothing such. */
  Optional<String> unknown() {
    Set<String> options = OPTIONS.get(type());
    if (options == null) {
      return Optional.of("a model of type '" + type() + "', which no published tokenizer has");
    }
    for (Map.Entry<String, JsonNode> stated : model().properties()) {
      String name = stated.getKey();
      if (!name.equals("type") && !options.contains(name)) {
        return Optional.of(
            "a model with '" + name + "', which no published tokenizer of type " + type() + " has");
      }
    }
    if (model().path("dropout").asDouble(0) != 0) {
      return Optional.of(
          "a model with 'dropout': "
              + model().path("dropout")
              + ": its tokens depend on chance, and so would scores");
    }
    Optional<String> large = tooLarge();
    return large.isPresent() ? large : strange();
  }

  /**
   * Added tokens that the library loses its place in a text by: such as are nothing when they have
   * been normalized, which it finds within characters; and such as begin with white space that
   * another one before them takes.
   */
  private Optional<String> strange() {
    boolean takes = false;
    boolean begins = false;
    for (JsonNode added : tokenizer.path("added_tokens")) {
      String content = added.path("content").asText();
      takes |= added.path("rstrip").asBoolean();
      begins |= !content.isEmpty() && isSpace(content.codePointAt(0));
      if (!content.isEmpty() && added.path("normalized").asBoolean() && mayVanish(content)) {
        return Optional.of(
            "an added token '" + content + "' that its normalizer may leave nothing of");
      }
    }
    return takes && begins
        ? Optional.of("an added token with 'rstrip' beside one that begins with white space")
        : Optional.empty();
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  private boolean mayVanish(String content) {
    boolean visible = content.chars().anyMatch(c -> c > ' ' && c <= '~');
    for (JsonNode step : TokenizerPart.NORMALIZER.steps(tokenizer)) {
      switch (step.path("type").asText()) {
        case "Strip", "StripAccents", "BertNormalizer", "Nmt", "Precompiled" -> {
          if (!visible) {
            return true;
          }
        }
        case "Replace" -> {
          if (step.path("content").asText().isEmpty()) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  private Optional<String> tooLarge() {
    for (String name : Set.of("unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
      if (bytes(model().path(name).asText("")) > TokenizerOption.MAX_SHORT_BYTES) {
        return Optional.of(
            "a model's '" + name + "' of more than " + TokenizerOption.MAX_SHORT_BYTES + " bytes");
      }
    }
    if (model().path("max_input_chars_per_word").asLong(0) > MAX_WORD_CHARACTERS) {
      return Optional.of("'max_input_chars_per_word' above " + MAX_WORD_CHARACTERS);
    }
    JsonNode added = tokenizer.path("added_tokens");
    if (added.size() > MAX_ADDED) {
      return Optional.of(added.size() + " added tokens; at most " + MAX_ADDED);
    }
    int most = type().equals("Unigram") ? MAX_PIECE_BYTES : MAX_TOKEN_BYTES;
    return longest() > most
        ? Optional.of("a token of " + longest() + " bytes; at most " + most)
        : Optional.empty();
  }

  private int longest() {
    int longest = 0;
    for (JsonNode token : tokenizer.path("added_tokens")) {
      longest = Math.max(longest, bytes(token.path("content").asText()));
    }
    JsonNode vocabulary = model().path("vocab");
    for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
      longest = Math.max(longest, bytes(entry.getKey()));
    }
    if (vocabulary.isArray()) {
      for (JsonNode piece : vocabulary) {
        longest = Math.max(longest, bytes(piece.path(0).asText()));
      }
    }
    return longest;
  }

  private static int bytes(String text) {
    // Most are short, whatever their characters are.
    return text.length() * 3 <= TokenizerOption.MAX_SHORT_BYTES
        ? text.length()
        : text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Tokens of the model, those that were added aside. */
  int size() {
    return model().path("vocab").size();
  }

  /** A token's id: the added one's, else the model's. */
  OptionalInt id(String token) {
    for (JsonNode added : tokenizer.path("added_tokens")) {
      if (added.path("content").asText().equals(token)) {
        return OptionalInt.of(added.path("id").asInt());
      }
    }
    JsonNode vocabulary = model().path("vocab");
    if (vocabulary.path(token).isInt()) {
      return OptionalInt.of(vocabulary.path(token).intValue());
    }
    for (int i = 0; vocabulary.isArray() && i < vocabulary.size(); i++) {
      if (vocabulary.path(i).path(0).asText().equals(token)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
