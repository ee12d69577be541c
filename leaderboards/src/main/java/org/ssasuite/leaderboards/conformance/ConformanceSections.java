package org.ssasuite.leaderboards.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.metrics.DivergenceMetrics;
import org.ssasuite.core.metrics.PositionFacets;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.statistics.Interval;

/** How far modes are from their reference: a row each, then each figure, and KL by position. */
public final class ConformanceSections {
  private static final String LEAD =
      "How far predictions in a mode are from those of the reference mode of the same weights, over"
          + " the whole vocabulary: KL(reference, mode) in nats, its percentiles over all positions;"
          + " the loss is the mode's less the reference's.";
  private static final String FEW =
      "†: fewer than 20 documents; a Student t interval, or none for a single document. All others"
          + " are bootstrapped over documents.";

  private ConformanceSections() {}

  /**
   * None where no result is of suite conformance.
   *
   * @throws org.ssasuite.core.BadInputException if a log is not any more what the results say
   */
  public static List<Section> of(List<ReportedResult> results) {
    List<ConformanceRow> rows =
        results.stream()
            .filter(one -> ConformanceRow.is(one.result()))
            .filter(one -> one.result().samples() > 0)
            .map(ConformanceRow::read)
            .toList();
    if (rows.isEmpty()) {
      return List.of();
    }
    return List.of(summary(rows), figures(rows));
  }

  private static List<Column> identity() {
    return List.of(
        Column.words("model", "Model"),
        Column.words("mode", "Mode"),
        Column.words("reference", "Reference"),
        Column.words("task", "Task"));
  }

  private static List<Cell> identity(ConformanceRow row) {
    return List.of(
        Cell.of(row.reported().model()),
        Cell.of(row.reported().mode()),
        Cell.of(row.reference()),
        Cell.of(row.reported().result().task().name()));
  }

  private static Section summary(List<ConformanceRow> rows) {
    List<Column> columns = new ArrayList<>(identity());
    columns.add(Column.ranked("kl", "KL, nats", "95 % interval"));
    for (String[] percentile :
        List.of(
            new String[] {"kl_p50", "50 %"},
            new String[] {"kl_p90", "90 %"},
            new String[] {"kl_p99", "99 %"},
            new String[] {"kl_p999", "99.9 %"},
            new String[] {"kl_largest", "Largest"},
            new String[] {DivergenceMetrics.KL_REVERSE, "KL reversed"},
            new String[] {DivergenceMetrics.LOSS_DIFFERENCE, "Loss"})) {
      columns.add(
          Column.figure(percentile[0], percentile[1], Unit.NATS_PER_TOKEN, Shown.FOUR_DIGITS));
    }
    columns.add(
        Column.figure(DivergenceMetrics.SAME_TOP, "Same top, %", Unit.PERCENT, Shown.HUNDREDTHS));
    columns.add(
        Column.figure(
            DivergenceMetrics.TOP_TEN,
            "On the mode's ten best, %",
            Unit.PERCENT,
            Shown.HUNDREDTHS));
    columns.add(Column.count("documents", "Documents", Unit.DOCUMENTS));
    List<Row> table =
        rows.stream().map(row -> new Row(summary(row), List.of(row.reported().source()))).toList();
    return Section.table("conformance", "Modes against a reference", LEAD, columns, table)
        .noting(notes(table))
        .drawn(curves(rows), List.of());
  }

  private static List<Cell> summary(ConformanceRow row) {
    MetricResult kl = metric(row, DivergenceMetrics.KL);
    List<Cell> cells = new ArrayList<>(identity(row));
    cells.add(cell(kl, 1));
    row.percentiles().forEach(percentile -> cells.add(Cell.of(percentile)));
    cells.add(plain(metric(row, DivergenceMetrics.KL_REVERSE), 1));
    cells.add(plain(metric(row, DivergenceMetrics.LOSS_DIFFERENCE), 1));
    cells.add(plain(metric(row, DivergenceMetrics.SAME_TOP), 100));
    cells.add(plain(metric(row, DivergenceMetrics.TOP_TEN), 100));
    cells.add(Cell.of((long) kl.documents()));
    return cells;
  }

  private static Section figures(List<ConformanceRow> rows) {
    List<Column> columns = new ArrayList<>(identity());
    columns.add(Column.words("figure", "Figure"));
    columns.add(Column.words("position", "Position"));
    columns.add(Column.ranked("value", "Value", "95 % interval"));
    columns.add(Column.count("documents", "Documents", Unit.DOCUMENTS));
    List<Row> table = rows.stream().flatMap(ConformanceSections::figures).toList();
    return Section.table(
            "conformance-figures",
            "Each figure, also by position",
            "Means over positions with intervals over documents. Shares are from 0 to 1; positions"
                + " are the tokens' numbers, and a document counts in a range that it fills.",
            columns,
            table)
        .noting(notes(table));
  }

  private static Stream<Row> figures(ConformanceRow row) {
    return row.reported().result().metrics().stream()
        .map(
            metric -> {
              List<Cell> cells = new ArrayList<>(identity(row));
              cells.add(Cell.of(metric.metric()));
              cells.add(Cell.of(metric.facet().map(facet -> facet.value()).orElse("all")));
              cells.add(cell(metric, 1));
              cells.add(Cell.of((long) metric.documents()));
              return new Row(cells, List.of(row.reported().source()));
            });
  }

  private static MetricResult metric(ConformanceRow row, String name) {
    return row.reported().metric(name).orElseThrow();
  }

  /** A figure with its interval. */
  private static Cell cell(MetricResult metric, double scale) {
    Optional<Interval> interval = ReportedResult.interval(metric);
    List<Mark> marks =
        metric.interval().method() == Interval.Method.BOOTSTRAP
            ? List.of()
            : List.of(Mark.FEW_DOCUMENTS);
    return new Cell.Real(scale * metric.value(), interval.map(i -> scaled(i, scale)), marks);
  }

  /** The same in a column that shows no interval, which machines get all the same. */
  private static Cell plain(MetricResult metric, double scale) {
    Optional<Interval> interval = ReportedResult.interval(metric);
    return new Cell.Real(scale * metric.value(), interval.map(i -> scaled(i, scale)), List.of());
  }

  private static Interval scaled(Interval interval, double scale) {
    return new Interval(
        scale * interval.low(), scale * interval.high(), interval.level(), interval.method());
  }

  private static List<String> notes(List<Row> rows) {
    boolean few =
        rows.stream().flatMap(row -> row.cells().stream()).anyMatch(c -> !c.marks().isEmpty());
    return few ? List.of(FEW) : List.of();
  }

  private static List<Curves> curves(List<ConformanceRow> rows) {
    List<Curves.Curve> curves = new ArrayList<>();
    for (ConformanceRow row : rows) {
      List<Curves.Point> points = new ArrayList<>();
      for (int end : PositionFacets.ends()) {
        row.reported()
            .metric(DivergenceMetrics.KL, PositionFacets.position(end))
            .ifPresent(
                kl -> points.add(new Curves.Point(end, kl.value(), ReportedResult.interval(kl))));
      }
      if (!points.isEmpty()) {
        curves.add(new Curves.Curve(row.text(), points, List.of(row.reported().source())));
      }
    }
    return curves.isEmpty()
        ? List.of()
        : List.of(
            new Curves(
                "conformance-by-position",
                "KL by position",
                Axis.doubling("Position, up to", Unit.TOKENS),
                Axis.of("KL", Unit.NATS_PER_TOKEN),
                curves));
  }
}
