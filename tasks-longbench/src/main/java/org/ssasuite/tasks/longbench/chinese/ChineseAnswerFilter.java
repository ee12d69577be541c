package org.ssasuite.tasks.longbench.chinese;

import java.io.IOException;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.ssasuite.core.metrics.Punctuation;
import org.ssasuite.core.python.PythonText;

/**
 * LongBench's normal form of Chinese answers, token by token: lower case, without {@link
 * Punctuation#CHINESE} and white space. A token may become empty.
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/metrics.py}, {@code
 * normalize_zh_answer}.
 */
final class ChineseAnswerFilter extends TokenFilter {
  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

  ChineseAnswerFilter(TokenStream input) {
    super(input);
  }

  @Override
  public boolean incrementToken() throws IOException {
    if (!input.incrementToken()) {
      return false;
    }
    String plain = Punctuation.CHINESE.removedFrom(PythonText.lower(term.toString()));
    term.setEmpty();
    PythonText.split(plain).forEach(term::append);
    return true;
  }
}
