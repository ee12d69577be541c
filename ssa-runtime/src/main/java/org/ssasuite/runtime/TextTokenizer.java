package org.ssasuite.runtime;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.ssasuite.core.BadInputException;

/** A Hugging Face tokenizer: text to ids and back, nothing added, nothing cut. */
public final class TextTokenizer implements AutoCloseable {
  static {
    // DJL reports its use to a server of its makers unless told not to.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
  }

  private final Path file;
  private final HuggingFaceTokenizer tokenizer;

  private TextTokenizer(Path file, HuggingFaceTokenizer tokenizer) {
    this.file = file;
    this.tokenizer = tokenizer;
  }

  /**
   * Loads a {@code tokenizer.json}, packed or not.
   *
   * @throws BadInputException if it is missing or no tokenizer
   */
  public static TextTokenizer load(Path file) {
    byte[] json = TokenizerJson.read(file);
    Map<String, String> options =
        Map.of(
            "addSpecialTokens", "false",
            "truncation", "false",
            "padding", "false");
    try {
      return new TextTokenizer(
          file, HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options));
    } catch (IOException | RuntimeException e) {
      // The tokenizer library reports a file that it cannot read as a bare RuntimeException.
      throw new BadInputException(file.toString(), "not a tokenizer: " + e.getMessage(), e);
    }
  }

  /**
   * Tokens of a text. Immutable by agreement: the arrays are not to be changed.
   *
   * @param ids [n]
   * @param textEnds [n] the UTF-16 index in the text behind each token's last character
   */
  // Arrays on purpose: a book has a million tokens.
  @SuppressWarnings("ArrayRecordComponent")
  public record Tokens(int[] ids, int[] textEnds) {}

  /**
   * Encodes a text.
   *
   * @param vocabulary ids that the model has
   * @throws BadInputException if the tokenizer gives an id that the model has not, or cannot put
   *     the text into tokens at all
   */
  public Tokens encode(String text, int vocabulary) {
    if (text.isEmpty()) {
      return new Tokens(new int[0], new int[0]);
    }
    Encoding encoding = encoding(text, false);
    long[] raw = encoding.getIds();
    CharSpan[] spans = encoding.getCharTokenSpans();
    int[] ids = new int[raw.length];
    int[] ends = new int[raw.length];
    int codePoint = 0;
    int index = 0;
    for (int i = 0; i < raw.length; i++) {
      ids[i] = checked(raw[i], vocabulary);
      // Spans count code points; a token without one of its own ends where the last one did.
      int end = spans[i] == null ? codePoint : Math.max(codePoint, spans[i].getEnd());
      index = text.offsetByCodePoints(index, end - codePoint);
      codePoint = end;
      ends[i] = index;
    }
    return new Tokens(ids, ends);
  }

  /**
   * How many tokens a text has; what {@link #encode} says beside is not made.
   *
   * @param special whether those count that the tokenizer puts around a text
   */
  int count(String text, boolean special) {
    long encoding = handle(text, special);
    try {
      return TokenizersLibrary.LIB.getTokenIds(encoding).length;
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  private long handle(String text, boolean special) {
    try {
      return TokenizersLibrary.LIB.encode(tokenizer.getHandle(), text, special);
    } catch (RuntimeException e) {
      throw cannotEncode(e);
    }
  }

  /**
   * The ids of a text with the special tokens that the tokenizer's own template puts around it,
   * which are none for many.
   *
   * @throws BadInputException as {@link #encode}
   */
  int[] encodeWithSpecialTokens(String text, int vocabulary) {
    long[] raw = encoding(text, true).getIds();
    int[] ids = new int[raw.length];
    for (int i = 0; i < raw.length; i++) {
      ids[i] = checked(raw[i], vocabulary);
    }
    return ids;
  }

  /**
   * The ids that {@link #encode} gives, without the ends of tokens, in half the time: of a corpus
   * nothing else is wanted. Safe for several threads.
   *
   * @throws BadInputException as {@link #encode}
   */
  public int[] ids(String text, int vocabulary) {
    if (text.isEmpty()) {
      return new int[0];
    }
    long encoding = handle(text, false);
    try {
      long[] raw = TokenizersLibrary.LIB.getTokenIds(encoding);
      int[] ids = new int[raw.length];
      for (int i = 0; i < raw.length; i++) {
        ids[i] = checked(raw[i], vocabulary);
      }
      return ids;
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  private int checked(long id, int vocabulary) {
    if (id < 0 || id >= vocabulary) {
      throw new BadInputException(
          file, "gives id " + id + "; the model's vocabulary has " + vocabulary + " ids");
    }
    return (int) id;
  }

  private Encoding encoding(String text, boolean withSpecialTokens) {
    try {
      return tokenizer.encode(text, withSpecialTokens, false);
    } catch (RuntimeException e) {
      // The library's way to say that its file lacks what the text needs, a token for the unknown
      // mostly.
      throw cannotEncode(e);
    }
  }

  private BadInputException cannotEncode(RuntimeException cause) {
    return new BadInputException(
        file.toString(), "cannot encode a text: " + cause.getMessage(), cause);
  }

  /** The text of ids; special tokens have none. */
  public String decode(int[] ids) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      wide[i] = ids[i];
    }
    return tokenizer.decode(wide, true);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
