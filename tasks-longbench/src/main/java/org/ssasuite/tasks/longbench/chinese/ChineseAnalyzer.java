package org.ssasuite.tasks.longbench.chinese;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * The Lucene chains of Chinese text. For any number of threads; never closed, as they hold none.
 */
final class ChineseAnalyzer extends Analyzer {
  /** What a chain is for. */
  enum Form {
    /** jieba's pieces as they are. */
    PIECES {
      @Override
      TokenStream filtered(Tokenizer tokenizer) {
        return tokenizer;
      }
    },
    /** Those of an answer in its normal form that are not empty. */
    ANSWER_WORDS {
      @Override
      TokenStream filtered(Tokenizer tokenizer) {
        return new LengthFilter(new ChineseAnswerFilter(tokenizer), 1, Integer.MAX_VALUE);
      }
    };

    abstract TokenStream filtered(Tokenizer tokenizer);
  }

  private final Jieba jieba;
  private final Form form;

  ChineseAnalyzer(Jieba jieba, Form form) {
    this.jieba = jieba;
    this.form = form;
  }

  /** Loads jieba's data when it is first asked for: most runs have no Chinese text. */
  private static final class Standard {
    static final Jieba JIEBA = new Jieba(JiebaData.dictionary(), JiebaData.shapes());
    static final ChineseAnalyzer PIECES = new ChineseAnalyzer(JIEBA, Form.PIECES);
    static final ChineseAnalyzer ANSWER_WORDS = new ChineseAnalyzer(JIEBA, Form.ANSWER_WORDS);
  }

  static ChineseAnalyzer pieces() {
    return Standard.PIECES;
  }

  static ChineseAnalyzer answerWords() {
    return Standard.ANSWER_WORDS;
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer tokenizer = new JiebaTokenizer(jieba);
    return new TokenStreamComponents(tokenizer, form.filtered(tokenizer));
  }

  /** The terms of a text in their order. */
  List<String> terms(String text) {
    List<String> terms = new ArrayList<>();
    try (TokenStream stream = tokenStream("text", text)) {
      CharTermAttribute term = stream.getAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        terms.add(term.toString());
      }
      stream.end();
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot be read", e);
    }
    return terms;
  }
}
