package org.ssasuite.tasks.longbench.chinese;

import java.io.CharArrayWriter;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/**
 * The pieces of {@link Jieba} as a Lucene token stream, white space and punctuation included.
 * Mutable, one owner; reads the whole text at the first token, as a route is found from its end.
 */
final class JiebaTokenizer extends Tokenizer {
  private final Jieba jieba;
  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
  private final OffsetAttribute offset = addAttribute(OffsetAttribute.class);
  private Iterator<String> pieces = Collections.emptyIterator();
  private boolean begun;
  private int at;

  JiebaTokenizer(Jieba jieba) {
    this.jieba = jieba;
  }

  @Override
  public void reset() throws IOException {
    super.reset();
    begun = false;
    at = 0;
  }

  @Override
  public boolean incrementToken() throws IOException {
    clearAttributes();
    if (!begun) {
      CharArrayWriter text = new CharArrayWriter();
      input.transferTo(text);
      pieces = jieba.cut(text.toString()).iterator();
      begun = true;
    }
    if (!pieces.hasNext()) {
      return false;
    }
    String piece = pieces.next();
    term.append(piece);
    offset.setOffset(correctOffset(at), correctOffset(at + piece.length()));
    at += piece.length();
    return true;
  }

  @Override
  public void end() throws IOException {
    super.end();
    offset.setOffset(correctOffset(at), correctOffset(at));
  }
}
