package org.ssasuite.tasks.longbench.chinese;

import java.util.ArrayList;
import java.util.List;

/**
 * Chinese word segmentation, piece for piece as {@code jieba.cut(text)} of fxsjy/jieba 0.42.1 with
 * its own dictionary: the most probable row of dictionary words, and {@link WordShapes} for the
 * single characters that it leaves over. The pieces together are the text; white space and
 * punctuation are pieces too. Immutable, for any number of threads.
 *
 * <pre>
 * route(i) = max over words w at i of ln(count(w) / total) + route(i + |w|); of equals the longest
 * </pre>
 *
 * <p>Written from the algorithm: Han characters up to U+9FD5, ASCII letters and digits and {@code
 * +#&._%-} are cut together; all else is cut into characters, but CR and LF stay together. Among
 * the characters that are left over, letters and digits form one piece, with decimals and a percent
 * sign behind them.
 */
final class Jieba {
  private static final char FIRST_HAN = '\u4E00';
  private static final char LAST_HAN = '\u9FD5';
  private static final String BESIDE_HAN = "+#&._%-";

  private final PrefixDictionary dictionary;
  private final WordShapes shapes;

  Jieba(PrefixDictionary dictionary, WordShapes shapes) {
    this.dictionary = dictionary;
    this.shapes = shapes;
  }

  /** The pieces of a text in their order; none is empty. */
  List<String> cut(String text) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && isCutTogether(text.charAt(end))) {
        end++;
      }
      if (end > at) {
        cutBlock(text.substring(at, end), pieces);
      } else {
        end += text.startsWith("\r\n", at) ? 2 : Character.charCount(text.codePointAt(at));
        pieces.add(text.substring(at, end));
      }
      at = end;
    }
    return pieces;
  }

  private static boolean isHan(char unit) {
    return unit >= FIRST_HAN && unit <= LAST_HAN;
  }

  private static boolean isLetterOrDigit(char unit) {
    return (unit >= 'a' && unit <= 'z') || (unit >= 'A' && unit <= 'Z') || isDigit(unit);
  }

  private static boolean isDigit(char unit) {
    return unit >= '0' && unit <= '9';
  }

  private static boolean isCutTogether(char unit) {
    return isHan(unit) || isLetterOrDigit(unit) || BESIDE_HAN.indexOf(unit) >= 0;
  }

  /** Words of two characters or more stand; what is between them is looked at once more. */
  private void cutBlock(String block, List<String> pieces) {
    int[] ends = route(block);
    int rest = 0;
    for (int at = 0; at < block.length(); at = ends[at]) {
      if (ends[at] - at > 1) {
        cutRest(block.substring(rest, at), pieces);
        pieces.add(block.substring(at, ends[at]));
        rest = ends[at];
      }
    }
    cutRest(block.substring(rest), pieces);
  }

  /** [n] where the word that begins at each character ends on the most probable route from it. */
  private int[] route(String block) {
    int n = block.length();
    double[] best = new double[n + 1];
    int[] ends = new int[n];
    for (int from = n - 1; from >= 0; from--) {
      double highest = Double.NEGATIVE_INFINITY;
      int node = dictionary.child(PrefixDictionary.ROOT, block.charAt(from));
      for (int to = from + 1; node != PrefixDictionary.NONE; to++) {
        if (dictionary.isWord(node)) {
          double value = dictionary.logFrequency(node) + best[to];
          if (value >= highest) {
            highest = value;
            ends[from] = to;
          }
        }
        node = to < n ? dictionary.child(node, block.charAt(to)) : PrefixDictionary.NONE;
      }
      if (ends[from] == 0) {
        ends[from] = from + 1;
        highest = dictionary.logFrequencyOfUnknown() + best[from + 1];
      }
      best[from] = highest;
    }
    return ends;
  }

  /** Single characters side by side: a word that the route took apart stays apart. */
  private void cutRest(String rest, List<String> pieces) {
    if (rest.length() == 1) {
      pieces.add(rest);
    } else if (dictionary.hasWord(rest)) {
      rest.chars().forEach(unit -> pieces.add(Character.toString((char) unit)));
    } else {
      cutUnknown(rest, pieces);
    }
  }

  private void cutUnknown(String rest, List<String> pieces) {
    int at = 0;
    while (at < rest.length()) {
      int end = at;
      while (end < rest.length() && isHan(rest.charAt(end)) == isHan(rest.charAt(at))) {
        end++;
      }
      String run = rest.substring(at, end);
      if (isHan(rest.charAt(at))) {
        cutByShapes(run, pieces);
      } else {
        cutLetters(run, pieces);
      }
      at = end;
    }
  }

  private void cutByShapes(String run, List<String> pieces) {
    boolean[] ends = shapes.wordEnds(run);
    int from = 0;
    for (int i = 0; i < ends.length; i++) {
      if (ends[i]) {
        pieces.add(run.substring(from, i + 1));
        from = i + 1;
      }
    }
    if (from < run.length()) {
      pieces.add(run.substring(from));
    }
  }

  /** What {@code [a-zA-Z0-9]+(?:\.\d+)?%?} matches is a piece, and what is between is one. */
  private static void cutLetters(String run, List<String> pieces) {
    int at = 0;
    while (at < run.length()) {
      int end = at;
      if (isLetterOrDigit(run.charAt(at))) {
        end = endOfWord(run, at);
      } else {
        while (end < run.length() && !isLetterOrDigit(run.charAt(end))) {
          end++;
        }
      }
      pieces.add(run.substring(at, end));
      at = end;
    }
  }

  private static int endOfWord(String run, int from) {
    int end = from;
    while (end < run.length() && isLetterOrDigit(run.charAt(end))) {
      end++;
    }
    if (run.startsWith(".", end) && end + 1 < run.length() && isDigit(run.charAt(end + 1))) {
      end += 2;
      while (end < run.length() && isDigit(run.charAt(end))) {
        end++;
      }
    }
    return end < run.length() && run.charAt(end) == '%' ? end + 1 : end;
  }
}
