package org.ssasuite.leaderboards.report.ties;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Standing;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.statistics.PairedTests;
import org.ssasuite.core.statistics.Power;
import org.ssasuite.core.task.Transform;
import org.ssasuite.leaderboards.compare.PairedTest;
import org.ssasuite.leaderboards.compare.SamplePairs;
import org.ssasuite.leaderboards.report.CellText;
import org.ssasuite.leaderboards.report.samples.RowLog;

/**
 * Which rows of a contest a two-sided test tells from the best one, at 5 % over all of its rows
 * (Holm). Rows with logs are paired by sample; others are told by their intervals, as of
 * independent samples, which sees less.
 */
public final class Ties {
  private static final double ALPHA = 0.05;
  private static final double POWER = 0.8;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Where a row stands. */
  public enum Place {
    /** Better than all others of its contest, each by a test. */
    BEST,
    /** The best one, or one that no test tells from it. */
    TIED,
    BEHIND
  }

  /**
   * What is known of a row.
   *
   * @param visible the smallest difference from the best row (of that one, from any other) that so
   *     many documents find with 80 % power, before the metric's transform; absent where it is not
   *     known
   */
  public record Judged(Place place, OptionalDouble visible) {}

  /** What a test of two rows gives. */
  private record Told(double probability, OptionalDouble visible) {}

  /**
   * What a test needs of a row.
   *
   * @param log absent: its interval decides
   */
  public record Evidence(Optional<RowLog> log, Optional<Transform> transform) {}

  private final Section section;
  private final List<Evidence> evidence;
  private final List<Optional<Judged>> judged = new ArrayList<>();

  /** Of so many documents, in standard errors: they are the same for many rows. */
  private final Map<Integer, Double> errors = new HashMap<>();

  private Ties(Section section, List<Evidence> evidence) {
    this.section = section;
    this.evidence = evidence;
  }

  /**
   * Judges a section's rows.
   *
   * @param evidence one for each row, or none at all
   * @return one for each row; absent for those that are not compared
   */
  public static List<Optional<Judged>> of(Section section, List<Evidence> evidence) {
    return new Ties(section, evidence).judged();
  }

  private List<Optional<Judged>> judged() {
    Map<Integer, List<Integer>> contests = new LinkedHashMap<>();
    for (int i = 0; i < section.rows().size(); i++) {
      int row = i;
      section
          .rows()
          .get(i)
          .standing()
          .ifPresent(
              standing ->
                  contests
                      .computeIfAbsent(standing.contest(), contest -> new ArrayList<>())
                      .add(row));
      judged.add(Optional.empty());
    }
    contests.values().forEach(this::judge);
    return judged;
  }

  private void judge(List<Integer> rows) {
    int best = best(rows);
    List<Integer> others = rows.stream().filter(row -> row != best).toList();
    List<Told> told = new ArrayList<>();
    for (int other : others) {
      Optional<Told> paired =
          evidence.isEmpty() ? Optional.empty() : paired(evidence.get(best), evidence.get(other));
      told.add(paired.orElseGet(() -> apart(best, other)));
    }
    List<Double> adjusted = PairedTests.holm(told.stream().map(Told::probability).toList());
    boolean alone = true;
    OptionalDouble least = OptionalDouble.empty();
    for (int i = 0; i < others.size(); i++) {
      boolean behind = adjusted.get(i) <= ALPHA;
      alone &= behind;
      OptionalDouble visible = told.get(i).visible();
      if (visible.isPresent() && visible.getAsDouble() < least.orElse(Double.POSITIVE_INFINITY)) {
        least = visible;
      }
      judged.set(
          others.get(i), Optional.of(new Judged(behind ? Place.BEHIND : Place.TIED, visible)));
    }
    judged.set(best, Optional.of(new Judged(alone ? Place.BEST : Place.TIED, least)));
  }

  private int best(List<Integer> rows) {
    for (int row : rows) {
      if (section.rows().get(row).standing().filter(Standing::best).isPresent()) {
        return row;
      }
    }
    throw new IllegalStateException("a contest of " + section.key() + " without a best row");
  }

  private Optional<Told> paired(Evidence best, Evidence other) {
    if (best.log().isEmpty() || other.log().isEmpty() || best.transform().isEmpty()) {
      return Optional.empty();
    }
    SamplePairs pairs =
        SamplePairs.of(best.log().get().samples(), other.log().get().samples(), "a comparison");
    boolean weighs =
        pairs.pairs().stream().anyMatch(pair -> pair.weightA() > 0 || pair.weightB() > 0);
    if (!weighs) {
      return Optional.empty();
    }
    PairedDocuments documents = PairedDocuments.of(pairs.pairs());
    Optional<PairedTest> test = PairedTest.of(pairs, best.transform().get(), documents);
    return Optional.of(
        new Told(test.map(PairedTest::probability).orElse(1.0), visible(test, documents)));
  }

  /** As of independent samples: z of the difference, errors from the intervals' half widths. */
  private Told apart(int best, int other) {
    CellText cells = new CellText(section);
    Optional<Cell.Real> first = cells.ranked(section.rows().get(best));
    Optional<Cell.Real> second = cells.ranked(section.rows().get(other));
    OptionalDouble firstError = first.flatMap(Cell.Real::interval).map(Ties::error).orElse(none());
    OptionalDouble secondError =
        second.flatMap(Cell.Real::interval).map(Ties::error).orElse(none());
    if (firstError.isEmpty() || secondError.isEmpty()) {
      return new Told(1, none());
    }
    double error = Math.hypot(firstError.getAsDouble(), secondError.getAsDouble());
    double difference = Math.abs(first.orElseThrow().value() - second.orElseThrow().value());
    if (error == 0) {
      return new Told(difference == 0 ? 1 : 0, none());
    }
    return new Told(2 * NORMAL.survivalProbability(difference / error), none());
  }

  private OptionalDouble visible(Optional<PairedTest> test, PairedDocuments paired) {
    if (paired.documents() < 2) {
      return none();
    }
    double least =
        errors.computeIfAbsent(
            paired.documents(), count -> Power.smallestInErrors(count, ALPHA, POWER));
    return PairedTest.smallestVisible(test, paired, ALPHA, least);
  }

  private static OptionalDouble none() {
    return OptionalDouble.empty();
  }

  private static OptionalDouble error(Interval interval) {
    double width = interval.high() - interval.low();
    return Double.isFinite(width)
        ? OptionalDouble.of(
            width / 2 / NORMAL.inverseSurvivalProbability((1 - interval.level()) / 2))
        : none();
  }
}
