package org.ssasuite.runtime.tokenizer;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.TokenCounter;

/**
 * Counts a text's tokens by its pieces and remembers those it has seen: texts that are put together
 * from few words are counted many times faster than they are tokenized. A tokenizer that cannot be
 * taken apart ({@link PieceRule}) tokenizes every text as a whole. Mutable: {@link #count} one call
 * at a time, {@link #recount} from any thread.
 */
public final class PieceCounter implements TokenCounter, AutoCloseable {
  private static final int MOST_REMEMBERED = 1 << 20;

  /** Longer lines seldom come twice. */
  private static final int LONGEST_LINE = 256;

  private final TextTokenizer tokenizer;
  private final Optional<PieceRule> rule;
  private final String identity;
  private final int specialTokens;
  private final Map<String, Integer> pieces = new HashMap<>();
  private final Map<String, Integer> lines = new HashMap<>();

  private PieceCounter(TextTokenizer tokenizer, Optional<PieceRule> rule, String identity) {
    this.tokenizer = tokenizer;
    this.rule = rule;
    this.identity = identity;
    this.specialTokens = tokenizer.count("a", true) - tokenizer.count("a", false);
  }

  /**
   * Loads a {@code tokenizer.json}, packed or not, or the tokenizer of a GGUF file.
   *
   * @throws BadInputException if it is missing or no tokenizer
   */
  public static PieceCounter load(Path file) {
    TextTokenizer tokenizer = TextTokenizer.load(file);
    TokenizerJson json = TokenizerJson.read(file);
    String digest =
        json.changed() ? Digests.sha256(json.text()) : Digests.sha256(DataFile.of(file).bytes());
    return new PieceCounter(tokenizer, PieceRule.of(json.tree()), "sha256:" + digest);
  }

  /** The digest of the file, unpacked. */
  @Override
  public String identity() {
    return identity;
  }

  @Override
  public int specialTokens() {
    return specialTokens;
  }

  @Override
  public int recount(String text) {
    return text.isEmpty() ? 0 : tokenizer.count(text, false);
  }

  @Override
  public int count(String text, int most) {
    if (rule.isEmpty() || rule.get().holdsAdded(text)) {
      return recount(text);
    }
    Matcher matcher = rule.get().pieces().matcher(text).useTransparentBounds(true);
    long total = 0;
    int from = 0;
    while (from < text.length() && total <= most) {
      int to = rule.get().linesApart() ? lineEnd(text, from) : text.length();
      total += line(text, from, to, matcher);
      from = to;
    }
    return (int) total;
  }

  /** Behind the next line feed that ends a piece for certain, or the text's end. */
  private static int lineEnd(String text, int from) {
    for (int at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', at + 1)) {
      int next = at + 1;
      if (next < text.length() && text.charAt(next) == ' ') {
        next++;
      }
      if (next < text.length() && isInk(text.charAt(next))) {
        return at + 1;
      }
    }
    return text.length();
  }

  /** A visible ASCII character: white space by no definition. */
  private static boolean isInk(char c) {
    return c > ' ' && c <= '~';
  }

  /** What follows a line, a space or none, decides how white space at its end is cut. */
  private int line(String text, int from, int to, Matcher matcher) {
    if (to - from > LONGEST_LINE) {
      return cut(text, from, to, matcher);
    }
    boolean space = to < text.length() && text.charAt(to) == ' ';
    String key = text.substring(from, to) + (space ? "s" : to < text.length() ? "i" : "e");
    Integer known = lines.get(key);
    if (known == null) {
      known = cut(text, from, to, matcher);
      remember(key, known, lines);
    }
    return known;
  }

  private int cut(String text, int from, int to, Matcher matcher) {
    matcher.region(from, to);
    int total = 0;
    int at = from;
    while (matcher.find()) {
      total += matcher.start() > at ? piece(text.substring(at, matcher.start())) : 0;
      total += piece(matcher.group());
      at = matcher.end();
    }
    return total + (at < to ? piece(text.substring(at, to)) : 0);
  }

  private int piece(String piece) {
    Integer known = pieces.get(piece);
    if (known == null) {
      known = tokenizer.count(piece, false);
      remember(piece, known, pieces);
    }
    return known;
  }

  private static void remember(String text, int tokens, Map<String, Integer> known) {
    if (known.size() >= MOST_REMEMBERED) {
      known.clear();
    }
    known.put(text, tokens);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
