package org.ssasuite.core.request;

/**
 * How many tokens a text has for one tokenizer. A task whose samples are cut to a number of tokens
 * is made with it.
 */
public interface TokenCounter {
  /** What tells it from other tokenizers: a digest of its file, or a name. */
  String identity();

  /**
   * Tokens of a text without special tokens. It may remember what it has counted before.
   *
   * @param most where the text has more tokens than this, the answer may be any number above it
   */
  int count(String text, int most);

  /** The same by the tokenizer alone, over the whole text: what {@link #count} is checked with. */
  int recount(String text);

  /** Special tokens that the tokenizer puts around a text, as BOS. */
  int specialTokens();
}
