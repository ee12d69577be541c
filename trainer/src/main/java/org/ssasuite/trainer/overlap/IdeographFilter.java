package org.ssasuite.trainer.overlap;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/**
 * Divides runs of letters before and behind each ideograph: Chinese writes no spaces, and a whole
 * clause as one word would never be found again. Mutable, one owner.
 */
final class IdeographFilter extends TokenFilter {
  /** Unicode has no ideograph before its radicals; surrogates come later. */
  private static final char FIRST_IDEOGRAPH = '\u2e80';

  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
  private final OffsetAttribute offset = addAttribute(OffsetAttribute.class);

  private char[] run = new char[0];
  private int at;
  private int start;

  IdeographFilter(TokenStream runs) {
    super(runs);
  }

  @Override
  public boolean incrementToken() throws IOException {
    if (at == run.length) {
      if (!input.incrementToken()) {
        return false;
      }
      if (isPlain()) {
        return true;
      }
      run = Arrays.copyOf(term.buffer(), term.length());
      start = offset.startOffset();
      at = 0;
    }
    int end = at;
    do {
      end += Character.charCount(codePoint(end));
    } while (end < run.length && !divides(end));
    clearAttributes();
    term.copyBuffer(run, at, end - at);
    offset.setOffset(start + at, start + end);
    at = end;
    return true;
  }

  /** Whether a run can be told to hold no ideograph at a glance; nearly all can. */
  private boolean isPlain() {
    for (int i = 0; i < term.length(); i++) {
      if (term.charAt(i) >= FIRST_IDEOGRAPH) {
        return false;
      }
    }
    return true;
  }

  /** Whether a word ends before {@code index}. */
  private boolean divides(int index) {
    return Character.isIdeographic(codePoint(index))
        || Character.isIdeographic(Character.codePointBefore(run, index, at));
  }

  private int codePoint(int index) {
    return Character.codePointAt(run, index, run.length);
  }

  @Override
  public void reset() throws IOException {
    super.reset();
    run = new char[0];
    at = 0;
  }
}
