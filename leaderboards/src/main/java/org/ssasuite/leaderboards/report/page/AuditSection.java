package org.ssasuite.leaderboards.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;

/** What a reader has to know before a figure is believed: the rows that have anything of it. */
final class AuditSection {
  private static final int FEW_DOCUMENTS = 20;
  private static final String KEY = "audits";
  private static final String TITLE = "Audits";

  private AuditSection() {}

  static Section of(List<ReportedResult> results) {
    List<Row> rows =
        results.stream().filter(AuditSection::remarkable).map(AuditSection::row).toList();
    if (rows.isEmpty()) {
      return Section.words(
          KEY,
          TITLE,
          "All "
              + results.size()
              + " rows: every sample has a score, nothing was cut, no choices"
              + " tied, no question's tokens crossed its boundary, 20 documents or more, and no"
              + " interval holds what guessing gets.");
    }
    return Section.table(KEY, TITLE, "Rows whose figures need a second look:", columns(), rows)
        .noting(
            List.of(
                "Tied choices: questions whose best choices had the same figure. Boundary crossed: questions where"
                    + " a token lies across context and answer. Empty answers: those of which nothing was"
                    + " left. Rows without any of this are not listed; texts that a model was"
                    + " trained on are found by ssa decontaminate, not by a run."));
  }

  private static List<Column> columns() {
    return List.of(
        Column.words("model", "Model"),
        Column.words("mode", "Mode"),
        Column.words("task", "Task"),
        Column.count("unscored", "Without a score", Unit.SAMPLES),
        Column.count("truncated", "Samples cut", Unit.SAMPLES),
        Column.figure("cut_tokens", "Tokens cut", Unit.TOKENS, Shown.LARGE_COUNT),
        Column.figure("ties", "Tied choices, %", Unit.PERCENT, Shown.TENTHS),
        Column.figure("boundary_moved", "Boundary crossed, %", Unit.PERCENT, Shown.TENTHS),
        Column.figure("nulls", "Empty answers, %", Unit.PERCENT, Shown.TENTHS),
        Column.count("documents", "Documents", Unit.DOCUMENTS),
        Column.words("chance", "Guessing explains it"));
  }

  private static boolean remarkable(ReportedResult row) {
    return !row.result().complete()
        || row.result().truncated() > 0
        || List.of("ties", "boundary_moved", "nulls").stream()
            .anyMatch(name -> row.metric(name).filter(metric -> metric.value() > 0).isPresent())
        || few(row)
        || row.result().indistinguishableFromChance();
  }

  private static boolean few(ReportedResult row) {
    return row.headline().filter(metric -> metric.documents() < FEW_DOCUMENTS).isPresent();
  }

  private static Row row(ReportedResult row) {
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.of(row.model()));
    cells.add(Cell.of(row.mode()));
    cells.add(Cell.of(row.result().task().name()));
    cells.add(Cell.of((long) row.result().unscored()));
    cells.add(Cell.of((long) row.result().truncated()));
    cells.add(Cell.of(row.result().cutTokens()));
    for (String name : List.of("ties", "boundary_moved", "nulls")) {
      Optional<MetricResult> metric = row.metric(name);
      cells.add(
          Cell.of(
              metric.map(each -> OptionalDouble.of(each.value())).orElse(OptionalDouble.empty())));
    }
    cells.add(row.headline().map(m -> Cell.of((long) m.documents())).orElse(Cell.absent()));
    cells.add(Cell.of(row.result().indistinguishableFromChance() ? "yes" : ""));
    return new Row(cells, List.of(row.source()));
  }
}
