package org.ssasuite.runtime.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The text of ids that come one by one: after each of them what decoding all of them gives.
 *
 * <p>A decoder of bytes puts the tokens' bytes together and reads them as UTF-8, so that a token's
 * text depends on its neighbours only where a character lies across their boundary. Behind a
 * character that is whole nothing before it changes any more: decoded text that does not end in
 * U+FFFD ends with a whole one, is settled, and only what follows is decoded again. Other decoders
 * may look further, and decode all ids each time.
 *
 * <p>Mutable; of one sequence.
 */
public final class WrittenText {
  private static final char REPLACEMENT = '\uFFFD';

  private final TextTokenizer tokenizer;
  private final StringBuilder settled = new StringBuilder();
  private int[] pending = new int[16];
  private int count;
  private String tail = "";

  /** Where a stop string cannot begin that was not there before the last id. */
  private int searched;

  public WrittenText(TextTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** One more id. */
  public void add(int id) {
    searched = settled.length();
    if (count == pending.length) {
      pending = Arrays.copyOf(pending, 2 * count);
    }
    pending[count++] = id;
    tail = tokenizer.decode(Arrays.copyOf(pending, count));
    if (tokenizer.decodesBytes() && !endsInside(tail)) {
      settled.append(tail);
      count = 0;
      tail = "";
    }
  }

  private static boolean endsInside(String text) {
    return !text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT;
  }

  /** What all ids give. */
  public String text() {
    return settled + tail;
  }

  /** Where the first of some stop strings begins that the last id has brought. */
  public OptionalInt firstOf(List<String> stops) {
    int longest = stops.stream().mapToInt(String::length).max().orElse(0);
    int from = Math.max(0, searched - longest + 1);
    String text = settled.substring(from) + tail;
    return stops.stream().mapToInt(text::indexOf).filter(at -> at >= 0).map(at -> at + from).min();
  }
}
