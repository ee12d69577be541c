package org.ssasuite.tasks.ruler.text;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.python.PythonText;

/**
 * Punkt's words: punctuation other than periods is split off, dashes and ellipses stay together.
 *
 * <p>Reference: NLTK 3.9.1, {@code nltk/tokenize/punkt.py}, {@code
 * PunktLanguageVars.word_tokenize}.
 */
final class PunktWords {
  /** What ends a word wherever it stands. */
  static final String NO_WORD = ")\";}]*:@'({[?!";

  /** What no word starts with. */
  private static final String NO_START = "(\"`{[:;&#*@)}]-,";

  private PunktWords() {}

  static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      int at = 0;
      while (at < line.length()) {
        if (PythonText.isSpace(line.charAt(at))) {
          at++;
          continue;
        }
        int end = wordEnd(line, at);
        words.add(line.substring(at, end));
        at = end;
      }
    }
    return words;
  }

  private static int wordEnd(String line, int from) {
    int end = runEnd(line, from);
    if (end > from) {
      return end;
    }
    int codePoint = line.codePointAt(from);
    int at = from + Character.charCount(codePoint);
    if (NO_START.indexOf(codePoint) >= 0) {
      return at;
    }
    while (!endsWord(line, at)) {
      at += Character.charCount(line.codePointAt(at));
    }
    return at;
  }

  private static boolean endsWord(String line, int at) {
    return endsWordBut(line, at) || (line.charAt(at) == ',' && endsWordBut(line, at + 1));
  }

  /** White space, the end, punctuation: all that ends a word but a comma. */
  private static boolean endsWordBut(String line, int at) {
    return at == line.length()
        || PythonText.isSpace(line.charAt(at))
        || NO_WORD.indexOf(line.charAt(at)) >= 0
        || runEnd(line, at) > at;
  }

  /**
   * Behind two or more hyphens, two or more periods, or three or more spaced ones; else the start.
   */
  private static int runEnd(String line, int from) {
    char first = line.charAt(from);
    if (first != '-' && first != '.') {
      return from;
    }
    int end = from;
    while (end < line.length() && line.charAt(end) == first) {
      end++;
    }
    if (end - from > 1) {
      return end;
    }
    return first == '.' ? spacedPeriodsEnd(line, from) : from;
  }

  private static int spacedPeriodsEnd(String line, int from) {
    int last = from;
    while (last + 2 < line.length()
        && PythonText.isSpace(line.charAt(last + 1))
        && line.charAt(last + 2) == '.') {
      last += 2;
    }
    return last - from >= 4 ? last + 1 : from;
  }
}
