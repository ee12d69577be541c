package org.ssasuite.leaderboards.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.AttentionResult;
import org.ssasuite.core.statistics.Interval;

/** Where the attention of a report's results went; buckets of positions are in the results. */
final class AttentionSection {
  private static final List<Column> COLUMNS =
      List.of(
          Column.words("model", "Model"),
          Column.words("mode", "Mode"),
          Column.words("task", "Task"),
          Column.words("statistic", "Statistic"),
          Column.ranked("value", "Value", "95 % interval"),
          Column.count("documents", "Documents", Unit.NONE));

  private AttentionSection() {}

  /** The section; absent if nobody looked. */
  static Optional<Section> of(List<ReportedResult> results) {
    List<Row> rows = results.stream().flatMap(AttentionSection::rows).toList();
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                "attention",
                "Where attention goes",
                "Where attention goes: means over documents of means over layers, heads and queries;"
                    + " by position in results.json, by layer and head in attention.csv.",
                COLUMNS,
                rows));
  }

  private static Stream<Row> rows(ReportedResult result) {
    return result.result().attention().stream()
        .flatMap(seen -> seen.rows().stream())
        .filter(row -> row.positions().isEmpty())
        .map(row -> row(result, row));
  }

  private static Row row(ReportedResult result, AttentionResult.Row row) {
    Optional<Interval> interval =
        Optional.of(row.interval()).filter(i -> i.method() != Interval.Method.NONE);
    return new Row(
        List.of(
            Cell.of(result.model()),
            Cell.of(result.mode()),
            Cell.of(result.result().task().name()),
            Cell.of(row.statistic()),
            new Cell.Real(row.value(), interval, List.of()),
            Cell.of(row.documents())),
        List.of(result.source()));
  }
}
