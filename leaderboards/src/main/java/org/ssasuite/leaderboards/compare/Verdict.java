package org.ssasuite.leaderboards.compare;

import java.util.Locale;
import org.ssasuite.core.task.MetricRule;

/** What a comparison of one task comes to. */
enum Verdict {
  B_BETTER("B is better"),
  B_WORSE("B is worse"),
  NOT_SHOWN("no difference shown"),
  IDENTICAL("identical"),
  ONE_DOCUMENT("cannot tell: one document");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /**
   * The verdict on one task.
   *
   * @param adjusted the test's probability, adjusted for the number of tasks
   */
  static Verdict of(TaskComparison comparison, double adjusted, double alpha) {
    if (comparison.identical()) {
      return IDENTICAL;
    }
    if (comparison.test().isEmpty()) {
      return ONE_DOCUMENT;
    }
    if (adjusted > alpha) {
      return NOT_SHOWN;
    }
    boolean higher = comparison.paired().difference() > 0;
    return higher == (comparison.better() == MetricRule.Better.HIGHER) ? B_BETTER : B_WORSE;
  }

  String words() {
    return words;
  }

  /** As in JSON. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
