package org.ssasuite.runtime.tokenizer;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a tokenizer that its library may see. The library's engine backtracks,
 * and ends the process once it has done so ten million times at one place, so only expressions are
 * let through of which it is known that matching a text takes a time in proportion to it: nothing
 * that must match stands behind a part that repeats without end, so that whatever was read is
 * matched. Two forms of the published tokenizers that break this rule are known by heart.
 *
 * @param text as the file has it
 * @param branches the alternatives
 */
record TokenizerPattern(String text, List<List<PatternPart>> branches) {
  /** Ways through the parts that repeat a bounded number of times. */
  private static final long MAX_CHOICES = 4_096;

  private static final String SPACES = "\\s+";

  /**
   * What may stand before a last {@code \s+}: each looks through white space and may find nothing,
   * but the last one then takes all of it. In cl100k (GPT-4), Llama 3, Qwen 2, DeepSeek 3, GPT-2.
   */
  private static final Set<String> BEFORE_SPACES =
      Set.of(
          "\\s+(?!\\S)",
          "\\s*[\\r\\n]+",
          "\\s*[\r\n]+",
          "\\s*[\\r\\n]",
          "\\s*[\r\n]",
          "\\s+$",
          "\\s++$");

  private static final String CASED =
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]%s"
          + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]%s%s";

  private static final String SUFFIX = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";

  /**
   * Words whose capitals come first: the first form looks through capitals for a small letter, and
   * where there is none the second, next to it, takes the capitals. In o200k (GPT-4o, gpt-oss,
   * Llama 4) with endings like {@code 's}, in tekken (Mistral Nemo and later) without.
   */
  private static final List<List<String>> CASED_WORDS =
      List.of(
          List.of(CASED.formatted("*", "+", SUFFIX), CASED.formatted("+", "*", SUFFIX)),
          List.of(CASED.formatted("*", "+", ""), CASED.formatted("+", "*", "")));

  /** Letters whose neighbours a text may be cut at: ASCII's, Chinese, Japanese, Korean ones. */
  static final String LETTERS = letters();

  TokenizerPattern {
    branches = List.copyOf(branches);
  }

  /**
   * Reads an expression.
   *
   * @throws UnknownPatternException with the reason if the library should not see it
   */
  static TokenizerPattern of(String text) {
    TokenizerPattern pattern = new TokenizerPattern(text, PatternParser.parse(text));
    pattern.requireBounded();
    return pattern;
  }

  /** Why an expression is none of those that the library may see. */
  static final class UnknownPatternException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownPatternException(String fact) {
      super(fact);
    }
  }

  private void requireBounded() {
    List<String> sources = branches.stream().map(PatternPart::source).toList();
    int at = 0;
    while (at < branches.size()) {
      int from = at;
      if (CASED_WORDS.stream().anyMatch(pair -> startsWith(sources, from, pair))) {
        at += 2;
        continue;
      }
      if (!BEFORE_SPACES.contains(sources.get(at)) || !onlySpacesFollow(sources, at + 1)) {
        requireBounded(branches.get(at));
      }
      at++;
    }
  }

  private static boolean startsWith(List<String> sources, int from, List<String> pair) {
    return from + pair.size() <= sources.size()
        && sources.subList(from, from + pair.size()).equals(pair);
  }

  private static boolean onlySpacesFollow(List<String> sources, int from) {
    return from < sources.size()
        && sources.get(sources.size() - 1).equals(SPACES)
        && BEFORE_SPACES.containsAll(sources.subList(from, sources.size() - 1));
  }

  private static void requireBounded(List<PatternPart> branch) {
    boolean endless = false;
    long choices = 1;
    for (PatternPart part : branch) {
      if (part.character().equals("$")) {
        throw new UnknownPatternException("has '$', which no published tokenizer's has there");
      }
      if (endless && part.least() > 0) {
        throw new UnknownPatternException(
            "has '" + part.source() + "' behind a part that repeats without end");
      }
      endless |= part.endless();
      choices *= part.endless() ? 1 : part.choices();
      if (choices > MAX_CHOICES) {
        throw new UnknownPatternException("can be matched in too many ways");
      }
    }
    if (branch.stream().allMatch(PatternPart::mayBeNothing)) {
      throw new UnknownPatternException("matches nothing as well");
    }
  }

  /** Whether a match may hold one of {@link #LETTERS} and somewhere behind it this character. */
  boolean spans(char next) {
    return branches.stream().anyMatch(branch -> spans(branch, String.valueOf(next)));
  }

  private static boolean spans(List<PatternPart> branch, String next) {
    boolean letter = false;
    for (PatternPart part : branch) {
      if (part.looksAhead()) {
        // Of the known ones only the one behind white space, which is at no letter's end.
        if (!part.source().equals("(?!\\S)")) {
          return true;
        }
        continue;
      }
      boolean letterHere = part.matchesAny(LETTERS);
      boolean nextHere = part.matchesAny(next);
      if (nextHere && (letter || (letterHere && part.several()))) {
        return true;
      }
      letter |= letterHere;
    }
    return false;
  }

  /** Whether a match may hold this character. */
  boolean takes(char c) {
    return branches.stream()
        .flatMap(List::stream)
        .anyMatch(part -> part.matchesAny(String.valueOf(c)));
  }

  /** Whether every one of {@link #LETTERS} is the beginning of a match, or within one. */
  boolean takesEveryLetter() {
    try {
      var matcher = Pattern.compile(text, Pattern.UNICODE_CHARACTER_CLASS).matcher(LETTERS);
      for (int i = 0; i < LETTERS.length(); i++) {
        if (!matcher.region(i, i + 1).lookingAt()) {
          return false;
        }
      }
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private static String letters() {
    StringBuilder letters = new StringBuilder();
    for (int[] range :
        List.of(
            new int[] {'A', 'Z'},
            new int[] {'a', 'z'},
            new int[] {0x3041, 0x3096},
            new int[] {0x30a1, 0x30fa},
            new int[] {0x4e00, 0x9fa5},
            new int[] {0xac00, 0xd7a3})) {
      for (int c = range[0]; c <= range[1]; c++) {
        letters.append((char) c);
      }
    }
    return letters.toString();
  }

  /** Whether {@link #LETTERS} has a character. */
  static boolean isLetter(char c) {
    return c < 0x80
        ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        : (c >= 0x3041 && c <= 0x3096)
            || (c >= 0x30a1 && c <= 0x30fa)
            || (c >= 0x4e00 && c <= 0x9fa5)
            || (c >= 0xac00 && c <= 0xd7a3);
  }

  /** Why the library should not see this expression; absent if it may. */
  static Optional<String> refusal(String text) {
    try {
      of(text);
      return Optional.empty();
    } catch (UnknownPatternException e) {
      return Optional.of(e.getMessage());
    }
  }
}
