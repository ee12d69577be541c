package org.ssasuite.leaderboards.report.budget;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.leaderboards.compare.DifferenceScale;
import org.ssasuite.leaderboards.compare.SamplePairs;

/**
 * What a row is off another one of the same samples: the difference of their weighted means, in the
 * unit of the metric, with its interval over documents.
 */
record PairedDifference(PairedDocuments paired, Interval interval, DifferenceScale scale) {
  private static final double LEVEL = 0.95;

  /** As in {@code ssa compare}, so that both say the same. */
  private static final long BOOTSTRAP_SEED = 20_251_120;

  /** Of b − a; absent where no sample was asked the same and scored in both. */
  static Optional<PairedDifference> of(BudgetRow a, BudgetRow b) {
    SamplePairs pairs =
        SamplePairs.of(a.samples(), b.samples(), b.reported().run() + ", " + b.mode());
    if (pairs.pairs().stream().noneMatch(pair -> pair.weightA() > 0)) {
      return Optional.empty();
    }
    PairedDocuments paired = PairedDocuments.of(pairs.pairs());
    return Optional.of(
        new PairedDifference(
            paired,
            b.range().ofDifference(paired.interval(LEVEL, BOOTSTRAP_SEED), paired.difference()),
            b.scale()));
  }

  double value() {
    return scale.apply(paired.difference());
  }

  /** In the unit of the difference; absent where its ends say nothing. */
  Optional<Interval> shown() {
    return interval.method() == Interval.Method.NONE
        ? Optional.empty()
        : Optional.of(
            new Interval(
                scale.apply(interval.low()),
                scale.apply(interval.high()),
                interval.level(),
                interval.method()));
  }

  Cell cell() {
    boolean few = interval.method() != Interval.Method.BOOTSTRAP;
    return new Cell.Real(value(), shown(), few ? List.of(Mark.FEW_DOCUMENTS) : List.of());
  }

  String method() {
    return switch (interval.method()) {
      case BOOTSTRAP -> "bootstrap";
      case STUDENT_T -> "t";
      case WILSON -> "wilson";
      case COMBINED -> "combined";
      case NONE -> "none";
    };
  }
}
