package org.ssasuite.leaderboards.gate;

import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.statistics.Power;

/**
 * What one row of a gate comes to. Increases are of mean losses in nats; perplexities rise by the
 * factor exp of that.
 *
 * @param row the baseline's
 * @param baselineSamples how many the baseline has; the run may have fewer
 * @param bounds one-sided confidence bounds of the increase
 * @param needed documents that would settle it, if the true increase is the one that was seen;
 *     absent where it is settled, and where that number is beyond reach or cannot be known
 */
record RowJudgement(
    Baseline.Row row,
    int baselineSamples,
    PairedDocuments paired,
    PairedDocuments.Bounds bounds,
    Outcome outcome,
    OptionalLong needed) {
  /** One for all rows, so that rows of the same documents are resampled alike. */
  private static final long BOOTSTRAP_SEED = 20_251_120;

  /** What a gate says. */
  enum Outcome {
    FAIL("fail"),
    PASS("pass"),
    CANNOT_TELL("cannot tell");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }

    /** As in JSON. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  RowJudgement {
    Objects.requireNonNull(row);
    Objects.requireNonNull(paired);
    Objects.requireNonNull(bounds);
    Objects.requireNonNull(outcome);
    Objects.requireNonNull(needed);
  }

  /**
   * Judges one row of several.
   *
   * @param rows how many there are: an alarm of any of them is an alarm, so each gets its share of
   *     alpha; all have to pass, which needs no share
   */
  static RowJudgement of(Baseline.Row row, PairedDocuments paired, GateTerms terms, int rows) {
    double margin = terms.marginNats();
    double alarm = terms.alpha() / rows;
    double lower = paired.bounds(alarm, BOOTSTRAP_SEED).lower();
    double upper = paired.bounds(terms.alpha(), BOOTSTRAP_SEED).upper();
    Outcome outcome =
        lower > margin ? Outcome.FAIL : upper < margin ? Outcome.PASS : Outcome.CANNOT_TELL;
    return new RowJudgement(
        row,
        row.samples().size(),
        paired,
        new PairedDocuments.Bounds(lower, upper),
        outcome,
        outcome == Outcome.CANNOT_TELL ? needed(paired, terms, alarm) : OptionalLong.empty());
  }

  /**
   * Towards the side on which the increase was seen. Where the bound on that side is longer than
   * Student's, because the differences are skewed, the deviation counts as so much larger.
   *
   * @param alarm alpha of the lower bound
   */
  static OptionalLong needed(PairedDocuments paired, GateTerms terms, double alarm) {
    int n = paired.documents();
    double error = paired.standardError().orElse(0);
    if (n < 2 || error == 0) {
      return OptionalLong.empty();
    }
    double distance = paired.difference() - terms.marginNats();
    double alpha = distance > 0 ? alarm : terms.alpha();
    PairedDocuments.Bounds bounds = paired.bounds(alpha, BOOTSTRAP_SEED);
    double student =
        TDistribution.of(n - 1.0).inverseSurvivalProbability(PairedDocuments.cautious(alpha));
    double reached =
        distance > 0
            ? (paired.difference() - bounds.lower()) / error
            : (bounds.upper() - paired.difference()) / error;
    double power = NormalDistribution.of(0, 1).inverseCumulativeProbability(terms.power());
    double longer = (Math.max(student, reached) + power) / (student + power);
    OptionalLong needed =
        Power.documents(
            error * Math.sqrt(n) * longer,
            distance,
            PairedDocuments.cautious(alpha),
            terms.power());
    // A bound can be longer still by chance: never say "fewer than there are".
    return needed.isPresent() ? OptionalLong.of(Math.max(needed.getAsLong(), n + 1L)) : needed;
  }

  /** The relative increase of the perplexity, as 0.012. */
  static double relative(double nats) {
    return Math.expm1(nats);
  }
}
