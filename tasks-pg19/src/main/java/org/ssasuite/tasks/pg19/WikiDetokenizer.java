package org.ssasuite.tasks.pg19;

import org.ssasuite.core.python.PythonText;

/**
 * Takes back WikiText's tokenisation, step by step in the order of the reference:
 * EleutherAI/lm-evaluation-harness 0.4.9, {@code lm_eval/tasks/wikitext/preprocess_wikitext.py},
 * {@code wikitext_detokenizer}.
 *
 * <p>Kept as it is there: every {@code "s '"} becomes {@code "s'"}, not only after a plural; a step
 * meant for digits behind an apostrophe matches a literal slash, apostrophe, space, digit, slash
 * and inserts its own pattern; a single {@code " N "} becomes {@code " 1 "}.
 */
final class WikiDetokenizer {
  private static final String SLASHED_DIGIT = "/' [0-9]/";
  private static final String DEGREE = "\u00b0";

  private WikiDetokenizer() {}

  static String detokenize(String page) {
    String text = page.replace("s '", "s'").replaceAll(SLASHED_DIGIT, "/'[0-9]/");
    text = text.replace(" @-@ ", "-").replace(" @,@ ", ",").replace(" @.@ ", ".");
    for (String mark : new String[] {":", ";", ".", "!", "?", ","}) {
      text = text.replace(" " + mark + " ", mark + " ");
    }
    text = trimBetween(text, '(', ')');
    text = trimBetween(text, '[', ']');
    text = trimBetween(text, '{', '}');
    text = trimBetween(text, '"', '"');
    text = trimBetween(text, '\'', '\'');
    return text.replace("= = = =", "====")
        .replace("= = =", "===")
        .replace("= =", "==")
        .replace(" " + DEGREE + " ", DEGREE)
        .replace(" \n", "\n")
        .replace("\n ", "\n")
        .replace(" N ", " 1 ")
        .replace(" 's", "'s");
  }

  /**
   * Strips what stands between each opening mark and the first closing mark behind it. The
   * reference does it with patterns as {@code \(\s*([^\)]*?)\s*\)}: an opening mark inside is part
   * of the content, and the search goes on behind the closing mark.
   */
  private static String trimBetween(String text, char open, char close) {
    StringBuilder result = new StringBuilder(text.length());
    int done = 0;
    int from = text.indexOf(open);
    while (from >= 0) {
      int to = text.indexOf(close, from + 1);
      if (to < 0) {
        break;
      }
      result.append(text, done, from + 1).append(PythonText.strip(text.substring(from + 1, to)));
      done = to;
      from = text.indexOf(open, to + 1);
    }
    return result.append(text, done, text.length()).toString();
  }
}
