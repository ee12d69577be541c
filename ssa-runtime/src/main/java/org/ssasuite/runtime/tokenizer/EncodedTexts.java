package org.ssasuite.runtime.tokenizer;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.HalfSurrogates;
import org.ssasuite.runtime.tokenizer.TextTokenizer.Tokens;

/**
 * The tokens of texts that were asked for before, for whoever asks again: the next mode, a model
 * with an equal tokenizer, the next ending behind the same question. Those that were not asked for
 * longest are given up. Safe for several threads: a text is encoded by one of them, others wait for
 * it. What cannot be encoded fails anew each time.
 */
public final class EncodedTexts {
  /** Of all texts together; 8 bytes each where ends are kept. */
  private static final long MOST_TOKENS = 1L << 22;

  private static final int FIRST_TABLE = 64;
  private static final float FILLED = 0.75f;

  private final long mostTokens;
  private final Map<Key, CompletableFuture<Tokens>> texts =
      new LinkedHashMap<>(FIRST_TABLE, FILLED, true);
  private long tokens;

  /** None yet. */
  public EncodedTexts() {
    this(MOST_TOKENS);
  }

  /**
   * None yet.
   *
   * @param mostTokens of all texts that are kept
   */
  EncodedTexts(long mostTokens) {
    this.mostTokens = mostTokens;
  }

  private enum Wanted {
    TOKENS,
    IDS,
    IDS_WITH_SPECIAL_TOKENS
  }

  /** What decides the answer; the text by its digest, so that it need not be kept. */
  private record Key(String tokenizer, int vocabulary, String text, Wanted wanted) {}

  /**
   * As {@link TextTokenizer#encode}.
   *
   * @throws BadInputException as there
   */
  public Tokens of(TextTokenizer tokenizer, String text, int vocabulary) {
    return get(
        tokenizer, text, vocabulary, Wanted.TOKENS, () -> tokenizer.encode(text, vocabulary));
  }

  /**
   * As {@link TextTokenizer#ids(String, int)}. The array is not to be changed.
   *
   * @throws BadInputException as there
   */
  public int[] ids(TextTokenizer tokenizer, String text, int vocabulary) {
    return get(
            tokenizer,
            text,
            vocabulary,
            Wanted.IDS,
            () -> new Tokens(tokenizer.ids(text, vocabulary), new int[0]))
        .ids();
  }

  /** As {@link TextTokenizer#encodeWithSpecialTokens}. The array is not to be changed. */
  int[] idsWithSpecialTokens(TextTokenizer tokenizer, String text, int vocabulary) {
    return get(
            tokenizer,
            text,
            vocabulary,
            Wanted.IDS_WITH_SPECIAL_TOKENS,
            () -> new Tokens(tokenizer.encodeWithSpecialTokens(text, vocabulary), new int[0]))
        .ids();
  }

  private Tokens get(
      TextTokenizer tokenizer,
      String text,
      int vocabulary,
      Wanted wanted,
      Supplier<Tokens> encode) {
    if (HalfSurrogates.firstIn(text).isPresent()) {
      // No UTF-8, so no digest of its own; the tokenizer says what is wrong with it.
      return encode.get();
    }
    Key key = new Key(tokenizer.identity(), vocabulary, Digests.sha256(text), wanted);
    CompletableFuture<Tokens> mine = new CompletableFuture<>();
    CompletableFuture<Tokens> other;
    synchronized (this) {
      other = texts.putIfAbsent(key, mine);
    }
    if (other != null) {
      return joined(other);
    }
    try {
      mine.complete(encode.get());
    } catch (RuntimeException | Error e) {
      forget(key);
      mine.completeExceptionally(e);
      throw e;
    }
    Tokens made = mine.join();
    keep(made.ids().length);
    return made;
  }

  private static Tokens joined(CompletableFuture<Tokens> other) {
    try {
      return other.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException same) {
        throw same;
      }
      throw e;
    }
  }

  private synchronized void forget(Key key) {
    texts.remove(key);
  }

  private synchronized void keep(long more) {
    tokens += more;
    Iterator<CompletableFuture<Tokens>> oldest = texts.values().iterator();
    while (tokens > mostTokens && oldest.hasNext()) {
      CompletableFuture<Tokens> one = oldest.next();
      if (one.isDone() && !one.isCompletedExceptionally()) {
        tokens -= one.join().ids().length;
        oldest.remove();
      }
    }
  }

  /** Of all texts that are kept. */
  synchronized long tokens() {
    return tokens;
  }
}
