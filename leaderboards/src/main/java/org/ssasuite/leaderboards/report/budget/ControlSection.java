package org.ssasuite.leaderboards.report.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;

/** What the selection did: the sparse mode against each control at the same budget. */
final class ControlSection {
  private static final List<String> CONTROLS = List.of("window", "random", "best");

  private ControlSection() {}

  /** Absent where no budget has both. */
  static Optional<Section> of(List<BudgetRun> runs, boolean severalRuns) {
    List<Row> rows = new ArrayList<>();
    for (BudgetRun run : runs) {
      for (BudgetRow sparse : run.rows()) {
        if (sparse.rule().equals(Optional.of("sparse"))) {
          for (String control : CONTROLS) {
            run.beside(sparse, control + ":" + sparse.budget().orElseThrow())
                .flatMap(beside -> row(run, sparse, beside, severalRuns))
                .ifPresent(rows::add);
          }
        }
      }
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                    "budget-controls",
                    "What the selection did",
                    "The sparse mode less a control of the same budget, on the samples that both"
                        + " were asked, documents paired; each interval by itself.",
                    columns(severalRuns),
                    rows)
                .noting(BudgetSections.few(rows)));
  }

  private static List<Column> columns(boolean severalRuns) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.words("model", "Model"),
                Column.words("budget", "Budget"),
                Column.words("task", "Task"),
                Column.words("control", "Control"),
                Column.words("metric", "Metric"),
                Column.figure("value_sparse", "Sparse mode's value", Unit.NONE, Shown.FOUR_DIGITS),
                Column.figure("value_control", "Control's value", Unit.NONE, Shown.FOUR_DIGITS),
                Column.ranked("difference", "Sparse − control", "95 % interval"),
                Column.words("unit", "Unit"),
                Column.words("interval_method", "Interval"),
                Column.count("documents", "Documents", Unit.DOCUMENTS)));
    if (severalRuns) {
      columns.add(Column.count("run", "Run", Unit.NONE));
    }
    return columns;
  }

  private static Optional<Row> row(
      BudgetRun run, BudgetRow sparse, BudgetRow control, boolean severalRuns) {
    return PairedDifference.of(control, sparse)
        .map(
            difference -> {
              List<Cell> cells =
                  new ArrayList<>(
                      List.of(
                          Cell.of(sparse.model()),
                          Cell.of(sparse.budget().orElseThrow()),
                          Cell.of(sparse.task()),
                          Cell.of(control.rule().orElseThrow()),
                          Cell.of(sparse.metric().metric()),
                          Cell.of(sparse.metric().value()),
                          Cell.of(control.metric().value()),
                          difference.cell(),
                          Cell.of(sparse.unit()),
                          Cell.of(difference.method()),
                          Cell.of((long) difference.paired().documents())));
              if (severalRuns) {
                cells.add(Cell.of((long) run.number()));
              }
              return new Row(
                  cells, List.of(sparse.reported().source(), control.reported().source()));
            });
  }
}
