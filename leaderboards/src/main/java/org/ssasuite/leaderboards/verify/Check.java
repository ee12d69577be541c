package org.ssasuite.leaderboards.verify;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One thing that was looked at.
 *
 * @param subject a row, a model, a data set
 * @param facts what was found; one line each
 */
record Check(Outcome outcome, String subject, List<String> facts) {
  /** What a check says. */
  enum Outcome {
    AGREES,
    DIFFERS,
    /** What it takes is not there. */
    NOT_CHECKED;

    /** As people read it. */
    String words() {
      return text().replace('_', ' ');
    }

    /** As in JSON. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Check {
    Objects.requireNonNull(outcome);
    Objects.requireNonNull(subject);
    facts = List.copyOf(facts);
  }

  static Check agrees(String subject, String fact) {
    return new Check(Outcome.AGREES, subject, List.of(fact));
  }

  static Check notChecked(String subject, String reason) {
    return new Check(Outcome.NOT_CHECKED, subject, List.of(reason));
  }

  /** Agrees where there is no difference, with the fact that says so. */
  static Check of(String subject, List<String> differences, String fact) {
    return differences.isEmpty()
        ? agrees(subject, fact)
        : new Check(Outcome.DIFFERS, subject, differences);
  }
}
