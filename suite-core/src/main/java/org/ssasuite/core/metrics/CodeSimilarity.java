package org.ssasuite.core.metrics;

import java.util.List;

/**
 * Similarity of the first line of code with the reference line, in hundredths.
 *
 * <pre>
 * line  = the first line of the prediction, leading line feeds dropped, without backtick, # and //
 * score = round(100 ratio(line, reference)) / 100, halves to even
 * </pre>
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/metrics.py}, {@code code_sim_score},
 * with fuzzywuzzy 0.18.0's {@code fuzz.ratio}: 100 for equal texts, else 0 if one is empty, else
 * from the ratio. Published scores are those of {@link #DIFFLIB}. Where the package
 * python-Levenshtein is installed, fuzzywuzzy uses it in place of difflib and the scores are those
 * of {@link #INDEL}, some two points higher.
 *
 * <p>Quirks kept: an empty line is a line of code; without any the prediction is empty; two empty
 * texts are equal, so that they score 1.
 */
public enum CodeSimilarity implements AnswerMetric {
  /** {@link SequenceMatcher}, with its popular characters. */
  DIFFLIB {
    @Override
    double ratio(String line, String reference) {
      return SequenceMatcher.ratio(line, reference);
    }
  },

  /** {@link IndelSimilarity}. */
  INDEL {
    @Override
    double ratio(String line, String reference) {
      return IndelSimilarity.ratio(line, reference);
    }
  };

  abstract double ratio(String line, String reference);

  @Override
  public double score(String prediction, String reference, List<String> classes) {
    String line = firstCodeLine(prediction);
    if (line.equals(reference)) {
      return 1;
    }
    if (line.isEmpty() || reference.isEmpty()) {
      return 0;
    }
    return Math.rint(100 * ratio(line, reference)) / 100;
  }

  private static String firstCodeLine(String prediction) {
    for (String line : Lines.withoutLeadingFeeds(prediction).split("\n", -1)) {
      if (line.indexOf('`') < 0 && line.indexOf('#') < 0 && !line.contains("//")) {
        return line;
      }
    }
    return "";
  }
}
