package org.ssasuite.leaderboards.report.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.attention.AttentionDifference;
import org.ssasuite.core.statistics.Interval;

/**
 * Paired differences of where attention goes: between the modes of a model in one run, and between
 * rows of one mode, over the samples that both were asked.
 */
final class DifferenceSection {
  /** The others are in {@code ssa compare --json}. */
  private static final Pattern SHOWN =
      Pattern.compile(
          "(?:[a-z]+_)?(?:first_1|last_128|entropy_bits|sink_rate_0\\.3|sink_rate_0\\.1_worst"
              + "|(?:captured|captured_best|output_error)_[0-9]+x[0-9]+)");

  private DifferenceSection() {}

  /** Absent where no two results have a statistic in common. */
  static Optional<Section> of(List<WatchedResult> results, boolean severalRuns) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      for (int j = i + 1; j < results.size(); j++) {
        if (belong(results.get(i), results.get(j))) {
          rows.addAll(rows(results.get(i), results.get(j), severalRuns));
        }
      }
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                    "attention-differences",
                    "Differences of attention",
                    "B − A on the samples that both were asked, documents paired; each interval by"
                        + " itself, not adjusted for their number. All statistics, and by position:"
                        + " ssa compare.",
                    columns(severalRuns),
                    rows)
                .noting(AttentionSections.notes(rows)));
  }

  private static boolean belong(WatchedResult a, WatchedResult b) {
    boolean modesOfOne =
        a.runNumber() == b.runNumber() && a.model().equals(b.model()) && !a.mode().equals(b.mode());
    return a.contest().equals(b.contest()) && (modesOfOne || a.mode().equals(b.mode()));
  }

  private static List<Column> columns(boolean severalRuns) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.words("model_a", "Model A"),
                Column.words("mode_a", "Mode A"),
                Column.words("model_b", "Model B"),
                Column.words("mode_b", "Mode B"),
                Column.words("task", "Task"),
                Column.words("statistic", "Statistic"),
                Column.figure("value_a", "Value of A", Unit.NONE, Shown.FOUR_DIGITS),
                Column.figure("value_b", "Value of B", Unit.NONE, Shown.FOUR_DIGITS),
                Column.ranked("difference", "B − A", "95 % interval"),
                Column.words("interval_method", "Interval"),
                Column.count("documents", "Documents", Unit.DOCUMENTS),
                Column.count("samples", "Samples", Unit.SAMPLES)));
    if (severalRuns) {
      columns.add(Column.count("run_a", "Run of A", Unit.NONE));
      columns.add(Column.count("run_b", "Run of B", Unit.NONE));
    }
    return columns;
  }

  private static List<Row> rows(WatchedResult a, WatchedResult b, boolean severalRuns) {
    return AttentionDifference.of(a.row(), b.row()).stream()
        .filter(each -> each.positions().isEmpty() && SHOWN.matcher(each.statistic()).matches())
        .map(each -> row(a, b, each, severalRuns))
        .toList();
  }

  private static Row row(
      WatchedResult a, WatchedResult b, AttentionDifference difference, boolean severalRuns) {
    Interval interval = difference.interval();
    List<Cell> cells =
        new ArrayList<>(
            List.of(
                Cell.of(a.model()),
                Cell.of(a.mode()),
                Cell.of(b.model()),
                Cell.of(b.mode()),
                Cell.of(a.task()),
                Cell.of(difference.statistic()),
                Cell.of(difference.paired().ratioA()),
                Cell.of(difference.paired().ratioB()),
                new Cell.Real(
                    difference.paired().difference(),
                    WatchedResult.shown(interval),
                    WatchedResult.marks(interval)),
                Cell.of(words(interval.method())),
                Cell.of((long) difference.paired().documents()),
                Cell.of((long) difference.samples())));
    if (severalRuns) {
      cells.add(Cell.of((long) a.runNumber()));
      cells.add(Cell.of((long) b.runNumber()));
    }
    return new Row(cells, List.of(a.source(), b.source()));
  }

  private static String words(Interval.Method method) {
    return switch (method) {
      case BOOTSTRAP -> "bootstrap";
      case STUDENT_T -> "t";
      case WILSON -> "wilson";
      case COMBINED -> "combined";
      case NONE -> "none";
    };
  }
}
