package org.ssasuite.core.metrics;

import java.util.List;
import org.ssasuite.core.python.PythonText;

/**
 * Which reference answers a prediction holds, whatever stands around them.
 *
 * <p>Definition: a reference is found if its lower-case form is part of the prediction's. {@code
 * string_match_all} is the share of references found; {@code string_match_part} is 1 if any is.
 *
 * <p>Reference: NVIDIA/RULER c3f5e3b4, {@code scripts/eval/synthetic/constants.py}, and {@code
 * postprocess_pred} of {@code scripts/eval/evaluate.py}: white space at both ends goes, control
 * characters become line feeds, white space at both ends goes once more. lm-evaluation-harness
 * 0.4.9 does the same, but its {@code string_match_part} is the share of references, as its maximum
 * is over a single sample; here that is {@code string_match_share}.
 */
public enum StringMatch {
  ALL("string_match_all") {
    @Override
    double score(long found, int references) {
      return (double) found / references;
    }
  },
  PART("string_match_part") {
    @Override
    double score(long found, int references) {
      return found > 0 ? 1 : 0;
    }
  },
  SHARE("string_match_share") {
    @Override
    double score(long found, int references) {
      return (double) found / references;
    }
  };

  private final String metric;

  StringMatch(String metric) {
    this.metric = metric;
  }

  /** Its name in results. */
  public String metric() {
    return metric;
  }

  abstract double score(long found, int references);

  /** The score of a prediction, 0 to 1. */
  public double score(String prediction, List<String> references) {
    String cleaned = cleaned(prediction);
    long found = references.stream().filter(reference -> holds(cleaned, reference)).count();
    return score(found, references.size());
  }

  /** Whether a cleaned prediction holds a reference. */
  public static boolean holds(String cleaned, String reference) {
    return PythonText.lower(cleaned).contains(PythonText.lower(reference));
  }

  /** A prediction as it is compared. */
  public static String cleaned(String prediction) {
    StringBuilder printable = new StringBuilder(PythonText.strip(prediction));
    for (int i = 0; i < printable.length(); i++) {
      if (printable.charAt(i) < ' ') {
        printable.setCharAt(i, '\n');
      }
    }
    return PythonText.strip(printable.toString());
  }
}
