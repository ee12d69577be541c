package org.ssasuite.runtime.tokenizer;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.HalfSurrogates;
import org.ssasuite.runtime.gguf.GgufFile;

/**
 * A Hugging Face tokenizer: text to ids and back, nothing added, nothing cut. Long texts go to the
 * library in stretches that have the same tokens ({@link TextCuts}), so that what it takes for them
 * is bounded.
 */
public final class TextTokenizer implements AutoCloseable {
  /** Characters of a text that are handed over at once, where it can be cut. */
  public static final int STRETCH = 1 << 18;

  /** Where no place to cut is found; the library takes up to 300 bytes for each of these. */
  private static final int MAX_STRETCH_BYTES = 1 << 19;

  /** What tokenizers that come from SentencePiece have for a space. */
  private static final String SPACE = "\u2581";

  private final Path file;
  private final String identity;
  private final TokenizersLibrary library;
  private final long handle;
  private final Map<String, Integer> known;
  private final TextCuts cuts;
  private final boolean decodesBytes;
  private final int stretch;

  /** The library frees a tokenizer at once, whoever is in it: closing waits for them. */
  private final ReadWriteLock use = new ReentrantReadWriteLock();

  private boolean closed;

  private TextTokenizer(
      Path file,
      String identity,
      long handle,
      Map<String, Integer> known,
      TextCuts cuts,
      boolean decodesBytes,
      int stretch) {
    this.file = file;
    this.identity = identity;
    this.library = TokenizersLibrary.LIB;
    this.handle = handle;
    this.known = Map.copyOf(known);
    this.cuts = cuts;
    this.decodesBytes = decodesBytes;
    this.stretch = stretch;
  }

  /**
   * Loads a {@code tokenizer.json}, packed or not.
   *
   * @throws BadInputException if it is missing or no tokenizer
   */
  public static TextTokenizer load(Path file) {
    return load(file, Set.of(), STRETCH);
  }

  /**
   * Loads a {@code tokenizer.json}, packed or not.
   *
   * @param asked tokens whose ids will be asked for
   * @param stretch characters that are handed over at once
   * @throws BadInputException if it is missing or no tokenizer
   */
  public static TextTokenizer load(Path file, Set<String> asked, int stretch) {
    TokenizerJson json = TokenizerJson.read(file);
    TokenizerVocabulary vocabulary = new TokenizerVocabulary(json.tree());
    Map<String, Integer> known = new HashMap<>();
    for (String token : asked) {
      vocabulary.id(token).ifPresent(id -> known.put(token, id));
    }
    vocabulary.id(SPACE).ifPresent(id -> known.put(SPACE, id));
    TextCuts cuts = TextCuts.of(json.tree());
    TokenizersLibrary library = TokenizerLibrary.get();
    try {
      long handle = library.createTokenizerFromString(json.text());
      library.disablePadding(handle);
      library.disableTruncation(handle);
      boolean bytes = TokenizerPart.DECODER.isOnly("ByteLevel", json.tree());
      String identity = Digests.sha256(json.text());
      return new TextTokenizer(file, identity, handle, known, cuts, bytes, stretch);
    } catch (RuntimeException e) {
      // The tokenizer library reports a file that it cannot read as a bare RuntimeException.
      throw new BadInputException(file.toString(), "not a tokenizer: " + e.getMessage(), e);
    }
  }

  /**
   * What a file says of cutting and filling up texts, which is never done here.
   *
   * @return names of its blocks; none of a file that says nothing of it
   * @throws BadInputException if it is missing or no JSON
   */
  public static List<String> ignored(Path file) {
    return GgufFile.isNamed(file) ? List.of() : TokenizerJson.ignored(file);
  }

  /**
   * The digest of what a file says, unpacked, without loading it.
   *
   * @throws BadInputException if it is missing or no tokenizer
   */
  public static String identity(Path file) {
    return Digests.sha256(TokenizerJson.read(file).text());
  }

  /** The digest of what the file says, unpacked: tokenizers of one identity give the same ids. */
  String identity() {
    return identity;
  }

  /** The id of a token that was asked for when this was loaded; absent if it is none. */
  public OptionalInt id(String token) {
    Integer id = known.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
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
    int[] ids = new int[0];
    int[] ends = new int[0];
    for (TextCuts.Stretch part : stretches(text)) {
      Tokens tokens = encode(text, part, vocabulary);
      int n = ends.length;
      ids = joined(ids, tokens.ids());
      ends = joined(ends, tokens.textEnds());
      // A token without a stretch of its own ends where the last one did.
      for (int i = Math.max(n, 1); i < ends.length; i++) {
        ends[i] = Math.max(ends[i], ends[i - 1]);
      }
    }
    return new Tokens(ids, ends);
  }

  private Tokens encode(String text, TextCuts.Stretch part, int vocabulary) {
    int from = begin(part);
    long encoding = handle(text.substring(from, part.to()), false);
    try {
      int[] ids = ids(encoding, vocabulary);
      CharSpan[] spans = library.getTokenCharSpans(encoding);
      int[] ends = new int[ids.length];
      // The mark that stands for a space that was not handed over ends where the rest begins.
      boolean mark =
          from > part.from() && ids.length > 0 && id(SPACE).equals(OptionalInt.of(ids[0]));
      int codePoint = 0;
      int index = from;
      for (int i = 0; i < ids.length; i++) {
        // Spans count code points.
        int end = spans[i] == null || (mark && i == 0) ? 0 : spans[i].getEnd();
        if (end > codePoint) {
          index = text.offsetByCodePoints(index, end - codePoint);
          codePoint = end;
        }
        ends[i] = index;
      }
      return new Tokens(ids, ends);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /** Where that begins which is handed over of a stretch. */
  private int begin(TextCuts.Stretch part) {
    return part.from() > 0 && cuts.skipsSpace() ? part.from() + 1 : part.from();
  }

  private static int[] joined(int[] first, int[] second) {
    if (first.length == 0) {
      return second;
    }
    int[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** A text as it goes to the library, whole or in stretches; none of an empty one. */
  private List<TextCuts.Stretch> stretches(String text) {
    HalfSurrogates.firstIn(text)
        .ifPresent(
            at -> {
              throw cannotEncode("half of a surrogate pair at character " + at);
            });
    List<TextCuts.Stretch> stretches = cuts.of(text, stretch);
    stretches.forEach(part -> requireShort(text, part));
    return stretches;
  }

  private void requireShort(String text, TextCuts.Stretch part) {
    int characters = part.to() - part.from();
    // No character of a string takes more than three bytes.
    if (characters > MAX_STRETCH_BYTES / 3
        && text.substring(part.from(), part.to()).getBytes(StandardCharsets.UTF_8).length
            > MAX_STRETCH_BYTES) {
      throw cannotEncode(
          "from character %d on it has %d that cannot be told apart; at most %d bytes can be one piece"
              .formatted(part.from(), characters, MAX_STRETCH_BYTES));
    }
  }

  private BadInputException cannotEncode(String fact) {
    return new BadInputException(file, "cannot encode a text: " + fact);
  }

  /**
   * How many tokens a text has; what {@link #encode} says beside is not made.
   *
   * @param special whether those count that the tokenizer puts around a text
   */
  int count(String text, boolean special) {
    return (special ? withSpecialTokens(text) : ids(text)).length;
  }

  /**
   * The ids of a text with the special tokens that the tokenizer's own template puts around it,
   * which are none for many.
   *
   * @throws BadInputException as {@link #encode}
   */
  int[] encodeWithSpecialTokens(String text, int vocabulary) {
    return checked(withSpecialTokens(text), vocabulary);
  }

  /** The template's tokens do not depend on the text that they are put around. */
  private long[] withSpecialTokens(String text) {
    if (stretches(text).size() <= 1) {
      return ids(text, true);
    }
    long[] body = ids("a", false);
    long[] around = ids("a", true);
    int[] places =
        IntStream.rangeClosed(0, around.length - body.length)
            .filter(at -> Arrays.equals(around, at, at + body.length, body, 0, body.length))
            .toArray();
    if (places.length != 1) {
      throw cannotEncode("it is long, and what its special tokens are cannot be told");
    }
    long[] all = ids(text);
    long[] whole = Arrays.copyOf(around, around.length - body.length + all.length);
    System.arraycopy(all, 0, whole, places[0], all.length);
    int rest = places[0] + body.length;
    System.arraycopy(around, rest, whole, places[0] + all.length, around.length - rest);
    return whole;
  }

  /**
   * The ids that {@link #encode} gives, without the ends of tokens, in half the time: of a corpus
   * nothing else is wanted. Safe for several threads.
   *
   * @throws BadInputException as {@link #encode}
   */
  public int[] ids(String text, int vocabulary) {
    return checked(ids(text), vocabulary);
  }

  private long[] ids(String text) {
    List<TextCuts.Stretch> stretches = stretches(text);
    if (stretches.size() == 1) {
      return ids(text, false);
    }
    return stretches.stream()
        .map(part -> ids(text.substring(begin(part), part.to()), false))
        .flatMapToLong(Arrays::stream)
        .toArray();
  }

  private long[] ids(String text, boolean special) {
    long encoding = handle(text, special);
    try {
      return library.getTokenIds(encoding);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  private long handle(String text, boolean special) {
    use.readLock().lock();
    try {
      requireOpen();
      return library.encode(handle, text, special);
    } catch (IllegalStateException e) {
      throw e;
    } catch (RuntimeException e) {
      // The library's way to say that its file lacks what the text needs, a token for the unknown
      // mostly.
      throw new BadInputException(file.toString(), "cannot encode a text: " + e.getMessage(), e);
    } finally {
      use.readLock().unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(file + ": its tokenizer is closed");
    }
  }

  private int[] ids(long encoding, int vocabulary) {
    return checked(library.getTokenIds(encoding), vocabulary);
  }

  private int[] checked(long[] raw, int vocabulary) {
    int[] ids = new int[raw.length];
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] < 0 || raw[i] >= vocabulary) {
        throw new BadInputException(
            file, "gives id " + raw[i] + "; the model's vocabulary has " + vocabulary + " ids");
      }
      ids[i] = (int) raw[i];
    }
    return ids;
  }

  /** Whether the text of ids is their bytes, one token's behind the other's, read as UTF-8. */
  boolean decodesBytes() {
    return decodesBytes;
  }

  /** The text of ids; special tokens have none. */
  public String decode(int[] ids) {
    return decode(ids, true);
  }

  /** The text of ids with that of special tokens among them. */
  public String decodeWithSpecialTokens(int[] ids) {
    return decode(ids, false);
  }

  private String decode(int[] ids, boolean skipSpecialTokens) {
    use.readLock().lock();
    try {
      requireOpen();
      return library.decode(handle, Arrays.stream(ids).asLongStream().toArray(), skipSpecialTokens);
    } finally {
      use.readLock().unlock();
    }
  }

  @Override
  public void close() {
    use.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        library.deleteTokenizer(handle);
      }
    } finally {
      use.writeLock().unlock();
    }
  }
}
