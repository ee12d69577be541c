package org.ssasuite.tasks.ruler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Grid;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Source;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;

/** What was found by the depth of its needle, and how often attention took the needle there. */
final class DepthSection {
  private final List<RulerRow> rows;

  private DepthSection(List<RulerRow> rows) {
    this.rows = rows;
  }

  /** Absent where no needle was asked for. */
  static Optional<Section> of(List<RulerRow> rows) {
    DepthSection section = new DepthSection(rows);
    List<Row> table = section.table();
    boolean any =
        table.stream().flatMap(row -> row.cells().stream()).anyMatch(Cell.Real.class::isInstance);
    return any
        ? Optional.of(
            Section.table(
                    "ruler-depth",
                    "Needles by depth",
                    "Answers found by the depth of their needle, means over the needle tasks:",
                    columns(),
                    table)
                .drawn(List.of(), section.grids()))
        : Optional.empty();
  }

  private static List<Column> columns() {
    List<Column> columns = new ArrayList<>(RulerSections.contender());
    columns.add(RulerSections.length("length", "Length"));
    for (int tenth = 0; tenth < Depths.TENTHS; tenth++) {
      columns.add(RulerSections.percent("depth_" + tenth, Depths.facet(tenth).value()));
    }
    return columns;
  }

  /** A row per model, mode, version and length, in the results' order. */
  private List<Row> table() {
    Map<List<Object>, List<RulerRow>> groups =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> List.of(row.contender(), row.length()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    List<Row> table = new ArrayList<>();
    for (List<RulerRow> group : groups.values()) {
      RulerRow first = group.get(0);
      List<Cell> cells = new ArrayList<>(RulerSections.contender(first.contender()));
      cells.add(Cell.of((long) first.length()));
      for (int tenth = 0; tenth < Depths.TENTHS; tenth++) {
        cells.add(Cell.of(found(group, tenth)));
      }
      table.add(new Row(cells, sources(group)));
    }
    return table;
  }

  private static List<Source> sources(List<RulerRow> group) {
    return group.stream()
        .filter(RulerRow::asksForNeedles)
        .map(RulerRow::reported)
        .map(ReportedResult::source)
        .toList();
  }

  private List<Grid> grids() {
    List<Grid> grids = new ArrayList<>();
    grids.add(grid("ruler-depth-found", "Answers found", DepthSection::found));
    Grid taken = grid("ruler-depth-taken", "Needles taken by the selection", DepthSection::taken);
    if (taken.panels().stream().anyMatch(DepthSection::isDrawn)) {
      grids.add(taken);
    }
    return grids;
  }

  private static boolean isDrawn(Grid.Panel panel) {
    return panel.values().stream().flatMap(List::stream).anyMatch(OptionalDouble::isPresent);
  }

  /** What a picture shows of the rows of one length at a depth. */
  private interface Value {
    OptionalDouble of(List<RulerRow> group, int tenth);
  }

  private Grid grid(String key, String title, Value value) {
    TreeSet<Integer> lengths = new TreeSet<>();
    rows.forEach(row -> lengths.add(row.length()));
    Map<RulerRow.Contender, List<RulerRow>> contenders =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    RulerRow::contender, LinkedHashMap::new, Collectors.toList()));
    List<Grid.Panel> panels = new ArrayList<>();
    contenders.forEach(
        (contender, own) ->
            panels.add(
                new Grid.Panel(contender.name(), values(own, lengths, value), sources(own))));
    return new Grid(
        key,
        title,
        new Grid.Scale(
            Axis.of("Depth", Unit.PERCENT),
            IntStream.range(0, Depths.TENTHS).mapToObj(t -> Depths.facet(t).value()).toList()),
        new Grid.Scale(
            Axis.doubling("Length", Unit.TOKENS), lengths.stream().map(String::valueOf).toList()),
        Axis.percent("Share"),
        panels);
  }

  private static List<List<OptionalDouble>> values(
      List<RulerRow> own, SortedSet<Integer> lengths, Value value) {
    Map<Integer, List<RulerRow>> byLength =
        own.stream()
            .collect(Collectors.groupingBy(RulerRow::length, TreeMap::new, Collectors.toList()));
    List<List<OptionalDouble>> values = new ArrayList<>();
    for (int tenth = 0; tenth < Depths.TENTHS; tenth++) {
      int depth = tenth;
      values.add(
          lengths.stream()
              .map(length -> value.of(byLength.getOrDefault(length, List.of()), depth))
              .toList());
    }
    return values;
  }

  private static OptionalDouble found(List<RulerRow> group, int tenth) {
    return mean(group, tenth, row -> row.headline().metric());
  }

  private static OptionalDouble taken(List<RulerRow> group, int tenth) {
    return mean(group, tenth, row -> NeedleTrace.SELECTED);
  }

  private static OptionalDouble mean(
      List<RulerRow> group, int tenth, Function<RulerRow, String> metric) {
    return group.stream()
        .filter(RulerRow::asksForNeedles)
        .flatMap(row -> row.reported().metric(metric.apply(row), Depths.facet(tenth)).stream())
        .mapToDouble(MetricResult::value)
        .average();
  }
}
