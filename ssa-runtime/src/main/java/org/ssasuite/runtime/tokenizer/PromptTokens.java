package org.ssasuite.runtime.tokenizer;

import java.util.Arrays;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Truncation;

/**
 * What the model reads of a prompt. Immutable by agreement: the array is not to be changed.
 *
 * @param ids [n], maybe none
 * @param fit what was cut
 */
@SuppressWarnings("ArrayRecordComponent") // goes to native code as it is
public record PromptTokens(int[] ids, ContextFit fit) {
  /**
   * Encodes a prompt and cuts it, as the truncation says.
   *
   * @param plain without the special tokens that the tokenizer puts around a text, also where the
   *     truncation has them
   * @param texts what was encoded before
   */
  public static PromptTokens of(
      String prompt,
      Truncation truncation,
      boolean plain,
      TextTokenizer tokenizer,
      int vocabulary,
      EncodedTexts texts) {
    if (truncation instanceof Truncation.InChat inChat) {
      return chatted(prompt, inChat, plain, tokenizer, vocabulary, texts);
    }
    if (truncation instanceof Truncation.Middle
        || truncation instanceof Truncation.MiddleTogether) {
      ToIds encoded =
          text ->
              plain
                  ? texts.ids(tokenizer, text, vocabulary)
                  : texts.idsWithSpecialTokens(tokenizer, text, vocabulary);
      int[] ids = encoded.of(prompt);
      KeptText kept = KeptText.of(prompt, ids, truncation, tokenizer);
      return new PromptTokens(kept.fit().truncated() ? encoded.of(kept.text()) : ids, kept.fit());
    }
    int[] ids = texts.ids(tokenizer, prompt, vocabulary);
    int kept =
        truncation instanceof Truncation.Left left
            ? Math.min(ids.length, left.maxTokens())
            : ids.length;
    return new PromptTokens(
        Arrays.copyOfRange(ids, ids.length - kept, ids.length), new ContextFit(ids.length, kept));
  }

  /** The text that a template makes of what is left, with one token that begins it, not two. */
  private static PromptTokens chatted(
      String prompt,
      Truncation.InChat rule,
      boolean plain,
      TextTokenizer tokenizer,
      int vocabulary,
      EncodedTexts texts) {
    int[] all =
        plain
            ? texts.ids(tokenizer, prompt, vocabulary)
            : texts.idsWithSpecialTokens(tokenizer, prompt, vocabulary);
    KeptText kept = KeptText.of(prompt, all, rule.rule(), tokenizer);
    String chat = rule.chat().asked(kept.text());
    int[] own = texts.ids(tokenizer, chat, vocabulary);
    int[] ids = plain ? own : texts.idsWithSpecialTokens(tokenizer, chat, vocabulary);
    boolean twice =
        own.length > 0 && ids.length > own.length && ids[0] == own[0] && ids[1] == own[0];
    return new PromptTokens(twice ? Arrays.copyOfRange(ids, 1, ids.length) : ids, kept.fit());
  }

  private interface ToIds {
    int[] of(String text);
  }

  /** The same behind a token; the same where it is the first one already. */
  public PromptTokens behind(int token) {
    int[] led = behind(token, ids);
    return led.length == ids.length
        ? this
        : new PromptTokens(led, new ContextFit(fit.tokens() + 1, fit.usedTokens() + 1));
  }

  /** Ids behind a token; the same where it is the first one already. */
  public static int[] behind(int token, int[] ids) {
    return ids.length > 0 && ids[0] == token ? ids : prefixed(token, ids);
  }

  /** Ids behind a token, whatever they begin with. */
  public static int[] prefixed(int token, int[] ids) {
    int[] led = new int[ids.length + 1];
    led[0] = token;
    System.arraycopy(ids, 0, led, 1, ids.length);
    return led;
  }

  /** What is left of a text to be encoded, by a rule that decodes what it keeps. */
  public record KeptText(String text, ContextFit fit) {
    /**
     * Cuts a text.
     *
     * @param ids its tokens
     */
    public static KeptText of(
        String text, int[] ids, Truncation truncation, TextTokenizer tokenizer) {
      int n = ids.length;
      if (truncation instanceof Truncation.Middle rule && n > rule.maxTokens()) {
        int half = rule.half();
        return new KeptText(
            tokenizer.decode(Arrays.copyOf(ids, half))
                + tokenizer.decode(Arrays.copyOfRange(ids, n - half, n)),
            new ContextFit(n, 2 * half));
      }
      if (truncation instanceof Truncation.MiddleTogether rule && n > rule.maxTokens()) {
        int first = rule.maxTokens() / 2;
        int[] kept = Arrays.copyOf(ids, rule.maxTokens());
        System.arraycopy(ids, n - kept.length + first, kept, first, kept.length - first);
        return new KeptText(tokenizer.decode(kept), new ContextFit(n, kept.length));
      }
      if (truncation instanceof Truncation.Left rule && n > rule.maxTokens()) {
        return new KeptText(
            tokenizer.decode(Arrays.copyOfRange(ids, n - rule.maxTokens(), n)),
            new ContextFit(n, rule.maxTokens()));
      }
      return new KeptText(text, ContextFit.whole(n));
    }
  }
}
