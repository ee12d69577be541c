package org.ssasuite.leaderboards.report.published;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.leaderboards.report.published.PublishedTable.Figure;
import org.ssasuite.leaderboards.report.published.PublishedTable.Line;

/** Published figures beside ours, task by task. They are never ranked: no protocol is the same. */
public final class PublishedSection {
  private PublishedSection() {}

  /** Those of tasks that the report has; a section of words where there is none. */
  public static Section of(List<PublishedTable> tables, List<ReportedResult> results) {
    List<Row> rows = new ArrayList<>();
    Set<String> notes = new LinkedHashSet<>();
    Set<ReportedResult> shown = new LinkedHashSet<>();
    for (ReportedResult result : results) {
      if (shown.add(result) && isPublished(tables, result)) {
        List<ReportedResult> alike =
            results.stream()
                .filter(other -> other.result().task().equals(result.result().task()))
                .toList();
        shown.addAll(alike);
        alike.forEach(own -> rows.add(own(own)));
        tables.forEach(table -> rows.addAll(published(table, result, notes)));
      }
    }
    if (rows.isEmpty()) {
      return Section.words("published", "Published", "No published figure is of these tasks.");
    }
    return Section.table(
            "published", "Published", "Published figures beside ours:", columns(), rows)
        .noting(List.copyOf(notes));
  }

  private static List<Column> columns() {
    return List.of(
        Column.words("task", "Task"),
        Column.words("whose", "Ours or published"),
        Column.words("model", "Model"),
        Column.words("mode", "Mode"),
        Column.words("metric", "Metric"),
        Column.figure("value", "Value", Unit.NONE, Shown.FOUR_DIGITS),
        Column.figure("standard_error", "Std. error", Unit.NONE, Shown.FOUR_DIGITS),
        Column.figure("deviation", "± as published", Unit.NONE, Shown.HUNDREDTHS),
        Column.words("source", "Source"));
  }

  private static boolean isPublished(List<PublishedTable> tables, ReportedResult result) {
    return tables.stream()
        .flatMap(table -> table.columns().stream())
        .anyMatch(column -> metric(column, result).isPresent());
  }

  /** Our metric that a column is of; absent if the result is of another task or length. */
  private static Optional<MetricResult> metric(Figure column, ReportedResult result) {
    boolean same =
        result.result().task().base().equals(column.task())
            && (column.length().isEmpty()
                || result
                    .order()
                    .map(order -> order.length().equals(column.length()))
                    .orElse(false));
    if (!same) {
      return Optional.empty();
    }
    return column.metric().isPresent() ? result.metric(column.metric().get()) : result.headline();
  }

  private static Row own(ReportedResult own) {
    Optional<MetricResult> headline = own.headline();
    return new Row(
        List.of(
            Cell.of(own.result().task().name()),
            Cell.of("ours"),
            Cell.of(own.model()),
            Cell.of(own.mode()),
            headline.map(metric -> Cell.of(metric.metric())).orElse(Cell.absent()),
            headline.map(metric -> Cell.of(metric.value())).orElse(Cell.absent()),
            headline.map(metric -> Cell.of(metric.standardError())).orElse(Cell.absent()),
            Cell.absent(),
            Cell.of("run " + own.run())),
        List.of(own.source()));
  }

  private static List<Row> published(PublishedTable table, ReportedResult ours, Set<String> notes) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      Optional<MetricResult> metric = metric(table.columns().get(i), ours);
      for (Line line : metric.isPresent() ? table.rows() : List.<Line>of()) {
        List<Double> value = line.values().get(i);
        if (!value.isEmpty()) {
          String source = table.source() + ", " + table.table();
          notes.add(source + " differs: " + String.join(" ", table.differences()));
          rows.add(
              new Row(
                  List.of(
                      Cell.of(ours.result().task().name()),
                      Cell.of("published"),
                      Cell.of(line.model()),
                      Cell.of(line.mode()),
                      Cell.of(metric.get().metric()),
                      Cell.of(value.get(0).doubleValue()),
                      Cell.absent(),
                      value.size() > 1 ? Cell.of(value.get(1).doubleValue()) : Cell.absent(),
                      Cell.of(source)),
                  List.of()));
        }
      }
    }
    return rows;
  }
}
