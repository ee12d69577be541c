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
    if (at == run.length && !nextRun()) {
      return false;
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

  private boolean nextRun() throws IOException {
    if (!input.incrementToken()) {
      return false;
    }
    run = Arrays.copyOf(term.buffer(), term.length());
    start = offset.startOffset();
    at = 0;
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
