package org.ssasuite.leaderboards.report.extrapolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.statistics.Interval;

/** All that a report says of suite extrapolation; nothing where it was not run. */
public final class ExtrapolationSections {
  static final double LEVEL = 0.95;

  /** That of scores: the same documents are resampled alike. */
  static final long BOOTSTRAP_SEED = 20_251_120;

  private static final String FEW =
      "†: fewer than 20 documents; a Student t interval, or none for a single document. All others"
          + " are bootstrapped over documents.";

  private ExtrapolationSections() {}

  /**
   * The sections, in order.
   *
   * @param results by length
   * @param passes of one long pass over the same documents
   */
  public static List<Section> of(List<LengthResult> results, List<PassResult> passes) {
    boolean severalRuns =
        Stream.concat(
                    results.stream().map(LengthResult::runNumber),
                    passes.stream().map(PassResult::runNumber))
                .distinct()
                .limit(2)
                .count()
            > 1;
    List<Section> sections = new ArrayList<>();
    if (!results.isEmpty()) {
      sections.add(SafeSection.of(results, severalRuns));
      sections.add(LengthSection.of(results, severalRuns));
      PairSection.of(results, severalRuns).ifPresent(sections::add);
      BesideSection.of(results, severalRuns).ifPresent(sections::add);
    }
    PassSection.of(passes, severalRuns).ifPresent(sections::add);
    return sections;
  }

  /** Who a row is of, its own columns, and which run it is of where there are several. */
  static List<Column> columns(boolean severalRuns, Column... own) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.words("model", "Model"),
                Column.words("mode", "Mode"),
                Column.words("rope", "Rope")));
    columns.addAll(List.of(own));
    if (severalRuns) {
      columns.add(Column.count("run", "Run", Unit.NONE));
    }
    return columns;
  }

  static List<Cell> contender(LengthResult result) {
    return new ArrayList<>(
        List.of(Cell.of(result.model()), Cell.of(result.mode()), Cell.of(result.rope())));
  }

  /** A figure with its interval, and what that has to be read with. */
  static Cell figure(MetricResult metric) {
    return figure(metric.value(), metric.interval());
  }

  static Cell figure(double value, Interval interval) {
    return new Cell.Real(
        value,
        Optional.of(interval).filter(i -> i.method() != Interval.Method.NONE),
        interval.method() == Interval.Method.BOOTSTRAP ? List.of() : List.of(Mark.FEW_DOCUMENTS));
  }

  static Cell figure(Optional<MetricResult> metric) {
    return metric.map(ExtrapolationSections::figure).orElse(Cell.absent());
  }

  /** What a section says of its own, and where an interval is of few documents that too. */
  static List<String> notes(List<Row> rows, String... own) {
    List<String> notes = new ArrayList<>(List.of(own));
    boolean few =
        rows.stream()
            .flatMap(row -> row.cells().stream())
            .anyMatch(cell -> cell.marks().contains(Mark.FEW_DOCUMENTS));
    if (few) {
      notes.add(FEW);
    }
    return notes;
  }
}
