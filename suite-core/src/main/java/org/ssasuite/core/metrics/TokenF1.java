package org.ssasuite.core.metrics;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.python.PythonText;

/**
 * Token F1 of English answers: {@link BagF1} of the words of both normal forms. A normal form is
 * the text in lower case, without ASCII punctuation, without the words a, an, the; words are the
 * stretches between white space.
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/metrics.py}, {@code qa_f1_score}.
 *
 * <p>Quirks kept: punctuation is deleted, not replaced by a space ("U.S.-based" is one word), and
 * only ASCII's is; an article is one between Python's word boundaries, so that a typographic quote
 * ends it and an accent does not; {@code lower} and white space are Python's.
 */
public record TokenF1() implements AnswerMetric {
  @Override
  public double score(String prediction, String reference, List<String> classes) {
    return BagF1.of(words(prediction), words(reference));
  }

  static List<String> words(String text) {
    String plain = Punctuation.ASCII.removedFrom(PythonText.lower(text));
    List<String> words = new ArrayList<>();
    for (String word : PythonText.split(plain)) {
      if (isWordOnly(word)) {
        if (!isArticle(word)) {
          words.add(word);
        }
      } else {
        words.addAll(PythonText.split(withoutArticles(word)));
      }
    }
    return words;
  }

  private static boolean isArticle(String word) {
    return word.equals("a") || word.equals("an") || word.equals("the");
  }

  private static boolean isWordOnly(String text) {
    return text.codePoints().allMatch(PythonText::isWordCharacter);
  }

  /**
   * What {@code re.sub(r"\b(a|an|the)\b", " ", text)} gives: between two boundaries nothing but
   * word characters can stand, so an article is a whole run of them.
   */
  private static String withoutArticles(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && PythonText.isWordCharacter(text.codePointAt(end))) {
        end += Character.charCount(text.codePointAt(end));
      }
      String run = text.substring(at, end);
      kept.append(isArticle(run) ? " " : run);
      if (end < text.length()) {
        kept.appendCodePoint(text.codePointAt(end));
        end += Character.charCount(text.codePointAt(end));
      }
      at = end;
    }
    return kept.toString();
  }
}
