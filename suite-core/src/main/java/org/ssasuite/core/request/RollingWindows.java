package org.ssasuite.core.request;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the windows of {@link Windows.Rolling} begin and end.
 *
 * <p>Reference: EleutherAI/lm-evaluation-harness 0.4.9, {@code lm_eval/utils.py}, {@code
 * get_rolling_token_windows} with one token of context, and {@code make_disjoint_window}. Full
 * windows share nothing but the token just before the first rated one; the last, partial window
 * rates only the rest and is filled up with context before it.
 */
public final class RollingWindows {
  private RollingWindows() {}

  /**
   * One pass over a stretch of a document. Its input is the prefix token if {@code prefix}, then
   * tokens {@code inputFrom} (included) to {@code inputTo}; its last {@code ratedTo − ratedFrom}
   * outputs predict tokens {@code ratedFrom} (included) to {@code ratedTo}, in order.
   *
   * @param prefix the input is led by the prefix token (BOS, else EOS)
   */
  public record Window(int inputFrom, int inputTo, boolean prefix, int ratedFrom, int ratedTo) {
    public Window {
      if (inputFrom < 0
          || inputTo < inputFrom
          || ratedTo <= ratedFrom
          || inputTo != ratedTo - 1
          || ratedFrom < inputFrom + (prefix ? 0 : 1)) {
        throw new IllegalArgumentException(
            "input [%d, %d)%s cannot rate [%d, %d)"
                .formatted(
                    inputFrom, inputTo, prefix ? " after a prefix" : "", ratedFrom, ratedTo));
      }
    }

    /** Tokens that the model reads, the prefix token included. */
    public int inputTokens() {
      return inputTo - inputFrom + (prefix ? 1 : 0);
    }

    /** Tokens that this window rates. */
    public int ratedTokens() {
      return ratedTo - ratedFrom;
    }
  }

  /**
   * The windows of a document in its order; every token is rated in exactly one of them. Empty for
   * an empty document.
   *
   * @param tokens length of the document, without a prefix token
   * @param maxTokens the most tokens that one window reads, the prefix token included
   */
  public static List<Window> of(int tokens, int maxTokens) {
    if (tokens < 0 || maxTokens < 1) {
      throw new IllegalArgumentException(tokens + " tokens in windows of " + maxTokens);
    }
    List<Window> windows = new ArrayList<>();
    if (tokens == 0) {
      return windows;
    }
    int rated = Math.min(maxTokens, tokens);
    windows.add(new Window(0, rated - 1, true, 0, rated));
    while (rated < tokens) {
      int end = rated + Math.min(maxTokens, tokens - rated);
      windows.add(new Window(end - 1 - maxTokens, end - 1, false, rated, end));
      rated = end;
    }
    return windows;
  }
}
