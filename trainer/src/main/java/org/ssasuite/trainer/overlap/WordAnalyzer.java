package org.ssasuite.trainer.overlap;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.util.CharTokenizer;

/**
 * The words of a text: runs of letters and digits (Java's {@code Character.isLetterOrDigit}, at
 * most 255 characters), in lower case, ideographs each a word of its own; everything else only
 * separates. So quotation marks, apostrophes, markup and line ends do not matter.
 */
final class WordAnalyzer extends Analyzer {
  /** Takes a word; the characters are valid during the call only. */
  interface WordSink {
    void word(char[] characters, int length, int offset);
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer runs = CharTokenizer.fromTokenCharPredicate(Character::isLetterOrDigit);
    return new TokenStreamComponents(runs, new LowerCaseFilter(new IdeographFilter(runs)));
  }

  /**
   * Hands over all words of a text in their order.
   *
   * @param sink gets each word and the UTF-16 offset of its first character
   */
  void forEach(String text, WordSink sink) {
    try (TokenStream words = tokenStream("text", text)) {
      CharTermAttribute term = words.getAttribute(CharTermAttribute.class);
      OffsetAttribute offset = words.getAttribute(OffsetAttribute.class);
      words.reset();
      while (words.incrementToken()) {
        sink.word(term.buffer(), term.length(), offset.startOffset());
      }
      words.end();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory", e);
    }
  }
}
