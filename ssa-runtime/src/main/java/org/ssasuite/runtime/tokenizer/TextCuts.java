package org.ssasuite.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a text can be cut so that its stretches have, one after the other, the tokens of the whole:
 * between a letter and what the tokenizer begins a piece with there, a space, a line feed or a
 * mark. The tokenizer library takes some 200 bytes for each of a text; of a stretch they are given
 * back.
 *
 * <p>It holds where no step looks across such a place: normalizers that change characters by
 * themselves; expressions of which no match has a letter and then the mark; no added token that
 * reaches over; and a piece of the tokenizer that ends there, or a vocabulary without a token that
 * has a letter and then the mark.
 *
 * @param marks characters that a stretch may begin with, behind a letter; none: cut nowhere
 * @param ascii whether the letter has to be one of ASCII
 * @param skipsSpace whether the space at a stretch's beginning is not handed over, since the
 *     tokenizer puts one before each text, if only that begins with no added token: a letter
 */
record TextCuts(String marks, boolean ascii, boolean skipsSpace) {
  private static final String CANDIDATES = " \n,.;:!?\uff0c\u3002\u3001\uff1b\uff1a\uff01\uff1f";
  private static final TextCuts NOWHERE = new TextCuts("", true, false);

  /** Of the pre-tokenizer {@code ByteLevel} itself, as the library has it. */
  private static final String BYTE_LEVEL =
      "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  /** A stretch of a text, from its first character to behind its last. */
  record Stretch(int from, int to) {}

  /** The places of a {@code tokenizer.json}. */
  static TextCuts of(JsonNode tokenizer) {
    List<JsonNode> normalizers = TokenizerPart.NORMALIZER.steps(tokenizer);
    boolean prepends = normalizers.stream().anyMatch(step -> is(step, "Prepend"));
    boolean ascii = false;
    String marks = CANDIDATES;
    for (JsonNode step : normalizers) {
      switch (step.path("type").asText()) {
        case "NFC" -> {}
        case "Prepend", "Replace" -> marks = kept(marks, step);
        case "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "BertNormalizer" -> {
          ascii = true;
          marks = only(marks, " ");
        }
        default -> marks = "";
      }
    }
    if (prepends) {
      marks = prependsASpace(normalizers) ? only(marks, " ") : "";
    }
    if (trimsFirst(tokenizer)) {
      marks = "";
    }
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < marks.length(); i++) {
      char mark = marks.charAt(i);
      String image = image(normalizers, mark);
      if (image.length() == 1
          && !reachesOver(tokenizer, mark, image.charAt(0), prepends)
          && endsPiece(tokenizer, image.charAt(0))) {
        safe.append(mark);
      }
    }
    return safe.isEmpty() ? NOWHERE : new TextCuts(safe.toString(), ascii, prepends);
  }

  private static boolean is(JsonNode step, String type) {
    return step.path("type").asText().equals(type);
  }

  private static String only(String marks, String some) {
    StringBuilder left = new StringBuilder();
    marks.chars().filter(c -> some.indexOf(c) >= 0).forEach(c -> left.append((char) c));
    return left.toString();
  }

  /**
   * Those that a replacement leaves a mark of one character, and where it looks at nothing else.
   */
  private static String kept(String marks, JsonNode step) {
    if (is(step, "Prepend")) {
      return marks;
    }
    String content = step.path("content").asText();
    String string = step.path("pattern").path("String").asText("");
    StringBuilder left = new StringBuilder();
    for (int i = 0; i < marks.length(); i++) {
      char mark = marks.charAt(i);
      boolean itself = string.equals(String.valueOf(mark));
      boolean apart =
          string.isEmpty()
              ? isApart(
                  TokenizerPattern.of(step.path("pattern").path("Regex").asText()), mark, content)
              : string.length() == 1 || (string.charAt(0) != mark && !letterThen(string, mark));
      boolean letter = string.length() == 1 && TokenizerPattern.isLetter(string.charAt(0));
      if (apart && !letter && (!itself || (content.length() == 1 && !isLetter(content)))) {
        left.append(mark);
      }
    }
    return left.toString();
  }

  /** An expression may replace what begins with the mark by the mark, as several spaces by one. */
  private static boolean isApart(TokenizerPattern pattern, char mark, String content) {
    return !pattern.spans(mark) && (!pattern.takes(mark) || content.equals(String.valueOf(mark)));
  }

  private static boolean isLetter(String text) {
    return Character.isLetter(text.charAt(0));
  }

  /** Llama 2's: a mark before the text, and the same mark for each space. */
  private static boolean prependsASpace(List<JsonNode> normalizers) {
    return normalizers.size() == 2
        && is(normalizers.get(0), "Prepend")
        && image(normalizers, ' ').equals(normalizers.get(0).path("prepend").asText());
  }

  /** What a mark is when the normalizers have replaced it. */
  private static String image(List<JsonNode> normalizers, char mark) {
    String image = String.valueOf(mark);
    for (JsonNode step : normalizers) {
      if (is(step, "Replace") && step.path("pattern").path("String").asText("").equals(image)) {
        image = step.path("content").asText();
      }
    }
    return image;
  }

  /** The library takes a space off the first token's stretch of the text, if it is nothing else. */
  private static boolean trimsFirst(JsonNode tokenizer) {
    return TokenizerPart.POST_PROCESSOR.steps(tokenizer).stream()
        .anyMatch(
            step ->
                step.path("add_prefix_space").asBoolean(false)
                    && step.path("trim_offsets").asBoolean(false));
  }

  /** Whether an added token can lie across the place, or looks there at what is beside it. */
  private static boolean reachesOver(JsonNode tokenizer, char mark, char image, boolean prepends) {
    for (JsonNode token : tokenizer.path("added_tokens")) {
      String content = token.path("content").asText();
      if (content.isEmpty()) {
        continue;
      }
      char first = content.charAt(0);
      boolean beside = token.path("single_word").asBoolean() || token.path("lstrip").asBoolean();
      boolean letterEnds = TokenizerPattern.isLetter(content.charAt(content.length() - 1));
      if (letterThen(content, mark)
          || letterThen(content, image)
          || (token.path("rstrip").asBoolean() && letterEnds)
          || (beside && (first == mark || first == image))
          || (prepends && TokenizerPattern.isLetter(first))) {
        return true;
      }
    }
    return false;
  }

  private static boolean letterThen(String text, char mark) {
    for (int i = text.indexOf(mark, 1); i > 0; i = text.indexOf(mark, i + 1)) {
      if (TokenizerPattern.isLetter(text.charAt(i - 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean otherThen(String text, char mark) {
    for (int i = text.indexOf(mark, 1); i > 0; i = text.indexOf(mark, i + 1)) {
      if (text.charAt(i - 1) != mark) {
        return true;
      }
    }
    return false;
  }

  /** Whether a piece ends before the mark, and no step sees more than its piece of the text. */
  private static boolean endsPiece(JsonNode tokenizer, char mark) {
    char seen = mark;
    boolean ends = false;
    boolean bytes = false;
    for (JsonNode step : TokenizerPart.PRE_TOKENIZER.steps(tokenizer)) {
      boolean prefixes = is(step, "Metaspace") || is(step, "ByteLevel");
      if (ends && !prefixes) {
        // Sees each piece by itself.
        continue;
      }
      Boundary boundary = bytes ? Boundary.UNKNOWN : boundary(step, seen);
      if (boundary == Boundary.UNKNOWN) {
        return false;
      }
      ends |= boundary == Boundary.END;
      bytes |= is(step, "ByteLevel");
      if (is(step, "Metaspace") && seen == ' ') {
        seen = step.path("replacement").asText("\u2581").charAt(0);
      }
    }
    return ends || noTokenHasIt(tokenizer, seen, bytes);
  }

  /** What a step of the pre-tokenizer does between a letter and a mark. */
  private enum Boundary {
    /** A piece ends there. */
    END,
    /** If the piece goes on there, then cutting it changes no other piece. */
    APART,
    UNKNOWN
  }

  private static Boundary boundary(JsonNode step, char mark) {
    boolean space = mark == ' ';
    switch (step.path("type").asText()) {
      case "Digits" -> {
        return Boundary.APART;
      }
      case "WhitespaceSplit" -> {
        return Character.isWhitespace(mark) ? Boundary.END : Boundary.APART;
      }
      case "Whitespace", "BertPreTokenizer" -> {
        return space || mark == '\n' || mark == ',' || mark == '.'
            ? Boundary.END
            : Boundary.UNKNOWN;
      }
      case "Punctuation" -> {
        boolean plain = step.path("behavior").asText("Isolated").matches("Isolated|Contiguous");
        return plain ? Boundary.APART : Boundary.UNKNOWN;
      }
      case "Metaspace" -> {
        boolean splits = step.path("split").asBoolean(true);
        boolean begins = space || String.valueOf(mark).equals(step.path("replacement").asText());
        return !begins ? Boundary.UNKNOWN : splits ? Boundary.END : Boundary.APART;
      }
      case "ByteLevel" -> {
        if (step.path("add_prefix_space").asBoolean(true) && !space) {
          return Boundary.UNKNOWN;
        }
        return step.path("use_regex").asBoolean(true)
            ? boundary(TokenizerPattern.of(BYTE_LEVEL), mark)
            : Boundary.APART;
      }
      case "Split" -> {
        return split(step, mark);
      }
      default -> {
        return Boundary.UNKNOWN;
      }
    }
  }

  private static Boundary split(JsonNode step, char mark) {
    JsonNode pattern = step.path("pattern");
    if (pattern.has("String")) {
      // Gemma splits at spaces, of which its normalizer has left none.
      boolean none = pattern.path("String").asText().equals(" ") && mark == '\u2581';
      return none ? Boundary.APART : Boundary.UNKNOWN;
    }
    boolean inverted = step.path("invert").asBoolean();
    String behavior = step.path("behavior").asText();
    // Every match a piece of its own, and what lies between them: or, in older files, nothing else.
    return behavior.equals(inverted ? "Removed" : "Isolated")
        ? boundary(TokenizerPattern.of(pattern.path("Regex").asText()), mark)
        : Boundary.UNKNOWN;
  }

  private static Boundary boundary(TokenizerPattern pattern, char mark) {
    if (pattern.spans(mark)) {
      return Boundary.UNKNOWN;
    }
    return pattern.takesEveryLetter() ? Boundary.END : Boundary.APART;
  }

  /** Without pieces, a model that puts pairs together crosses the place only by such a token. */
  private static boolean noTokenHasIt(JsonNode tokenizer, char mark, boolean bytes) {
    JsonNode model = tokenizer.path("model");
    boolean pairs =
        new TokenizerVocabulary(tokenizer).type().equals("BPE")
            && !model.path("ignore_merges").asBoolean()
            && model.path("continuing_subword_prefix").asText("").isEmpty()
            && model.path("end_of_word_suffix").asText("").isEmpty();
    if (!pairs || !model.path("vocab").has(String.valueOf(mark))) {
      return false;
    }
    for (Map.Entry<String, JsonNode> entry : model.path("vocab").properties()) {
      // The last byte of a letter may look like anything.
      if (letterThen(entry.getKey(), mark) || (bytes && otherThen(entry.getKey(), mark))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The stretches of a text; of an empty one none.
   *
   * @param most characters of one, where it can be cut
   */
  List<Stretch> of(String text, int most) {
    List<Stretch> stretches = new ArrayList<>();
    int from = 0;
    while (text.length() - from > most) {
      int to = cut(text, from, from + most);
      if (to == text.length()) {
        break;
      }
      stretches.add(new Stretch(from, to));
      from = to;
    }
    if (!text.isEmpty()) {
      stretches.add(new Stretch(from, text.length()));
    }
    return stretches;
  }

  /** The last place up to one, else the first behind it, else the end. */
  private int cut(String text, int from, int about) {
    for (int at = about; at > from + 1; at--) {
      if (isPlace(text, at)) {
        return at;
      }
    }
    for (int at = about + 1; at < text.length(); at++) {
      if (isPlace(text, at)) {
        return at;
      }
    }
    return text.length();
  }

  private boolean isPlace(String text, int at) {
    char before = text.charAt(at - 1);
    return marks.indexOf(text.charAt(at)) >= 0
        && TokenizerPattern.isLetter(before)
        && (before < 0x80 || !ascii)
        && (!skipsSpace
            || (at + 1 < text.length() && TokenizerPattern.isLetter(text.charAt(at + 1))));
  }
}
