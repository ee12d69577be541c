package org.ssasuite.leaderboards.attribution;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ssasuite.core.attribution.Attribution;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Grid;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;

/**
 * Why samples failed, which heads looked at needles, and how much they looked by depth and layer,
 * in runs that asked for it.
 */
public final class AttributionSections {
  /** From which mass on, as a mean over needles, a head is a retrieval head. */
  static final double RETRIEVAL_MASS = 0.1;

  private static final int MOST_HEADS = 10;

  private static final String CLASSES =
      "Decided in this order for each failed sample. Never looked: no head puts 0.01 of its mass on"
          + " a needle that was missed, in any step of the answer. Selection lost it: a head that"
          + " looked kept less than half of that mass in the selected blocks. Looked: neither."
          + " Masses are full attention's, in sparse modes too.";
  private static final String AGAIN =
      "Turned right: of the samples that the selection lost, asked again with the blocks of their"
          + " needles forced into the selection of every answer step, within the budget.";
  private static final String HEADS =
      "Attention: a head's largest mass over an answer's steps, as a mean over needles; 0.1 or more, at most"
          + " 10 heads of a length. Kept: the share of that mass, in that step, where the mode attends."
          + " Layers and heads are counted from 0.";

  private AttributionSections() {}

  /** None if nobody asked, or there was no needle. */
  public static List<Section> of(List<ReportedResult> results) {
    List<ReportedResult> rows =
        results.stream()
            .filter(row -> row.result().attribution().isPresent())
            .filter(row -> Pool.figures(row).needles() > 0)
            .toList();
    if (rows.isEmpty()) {
      return List.of();
    }
    List<Pool> pools = Pool.of(rows);
    List<Section> sections = new ArrayList<>();
    sections.add(classes(rows));
    sections.add(heads(pools));
    sections.add(
        byLength(
            new Axis(
                "depth",
                "Depth",
                "Attention on needles by depth",
                "Mass on needles by depth, in percent: of the head that looked most, means over"
                    + " needles."),
            pools,
            pool -> Needle.TENTHS,
            tenth -> tenth * 10 + "-" + (tenth + 1) * 10 + "%",
            Pool::atDepth));
    sections.add(
        byLength(
            new Axis(
                "layer",
                "Layer",
                "Attention on needles by layer",
                "Mass on needles by layer, in percent: of the layer's head with most."),
            pools,
            Pool::layers,
            String::valueOf,
            (pool, layer) -> List.of(pool.strongest(layer))));
    return sections;
  }

  private static List<Column> contender() {
    return new ArrayList<>(List.of(Column.words("model", "Model"), Column.words("mode", "Mode")));
  }

  private static Section classes(List<ReportedResult> rows) {
    List<Column> columns = contender();
    columns.add(Column.words("task", "Task"));
    columns.add(Column.count("samples", "Samples", Unit.SAMPLES));
    columns.add(Column.count("right", "Right", Unit.SAMPLES));
    columns.add(Column.count("never_looked", "Never looked", Unit.SAMPLES));
    columns.add(Column.count("selection_lost", "Selection lost it", Unit.SAMPLES));
    columns.add(Column.count("looked", "Looked", Unit.SAMPLES));
    columns.add(Column.count("turned_right", "Turned right", Unit.SAMPLES));
    columns.add(percent("turned_right_percent", "Turned right, %"));
    return Section.table(
            "attribution",
            "Why samples failed",
            "Failed samples told apart by where attention looked while the answer was written.",
            columns,
            rows.stream().map(AttributionSections::classes).toList())
        .noting(List.of(CLASSES, AGAIN));
  }

  private static Row classes(ReportedResult row) {
    Attribution figures = Pool.figures(row);
    boolean lost = figures.selectionLost() > 0;
    return new Row(
        List.of(
            Cell.of(row.model()),
            Cell.of(row.mode()),
            Cell.of(row.result().task().name()),
            Cell.of((long) figures.samples()),
            Cell.of((long) figures.right()),
            Cell.of((long) figures.neverLooked()),
            Cell.of((long) figures.selectionLost()),
            Cell.of((long) figures.looked()),
            lost ? Cell.of((long) figures.turnedRight()) : Cell.absent(),
            lost
                ? Cell.of(100.0 * figures.turnedRight() / figures.selectionLost())
                : Cell.absent()),
        List.of(row.source()));
  }

  private static Section heads(List<Pool> pools) {
    List<Column> columns = contender();
    columns.add(Column.figure("length", "Length", Unit.TOKENS, Shown.LARGE_COUNT));
    columns.add(Column.count("rank", "Rank", Unit.NONE));
    columns.add(Column.count("layer", "Layer", Unit.NONE));
    columns.add(Column.count("head", "Head", Unit.NONE));
    columns.add(percent("mass", "Attention on needles"));
    columns.add(percent("mean_mass", "Mean over steps"));
    columns.add(percent("kept", "Kept by selection"));
    columns.add(Column.count("samples", "Samples", Unit.SAMPLES));
    columns.add(Column.count("needles", "Needles", Unit.NONE));
    List<Row> rows = new ArrayList<>();
    for (Pool pool : pools) {
      pool.lengths().forEach(length -> pool.ofLength(length).forEach(own -> ranked(own, rows)));
    }
    String lead =
        rows.isEmpty()
            ? "Retrieval heads: none puts a tenth of its mass on needles."
            : "Retrieval heads, in percent of their mass on needles, over all tasks of a length.";
    return Section.table("attribution-heads", "Retrieval heads", lead, columns, rows)
        .noting(List.of(HEADS));
  }

  private static void ranked(Pool pool, List<Row> rows) {
    List<Pool.Head> heads =
        pool.heads().stream()
            .filter(head -> head.largest().mass() >= RETRIEVAL_MASS)
            .limit(MOST_HEADS)
            .toList();
    for (int i = 0; i < heads.size(); i++) {
      rows.add(head(pool, i + 1, heads.get(i)));
    }
  }

  private static Row head(Pool pool, int rank, Pool.Head head) {
    return new Row(
        List.of(
            Cell.of(pool.model()),
            Cell.of(pool.mode()),
            Cell.of((long) pool.lengths().first()),
            Cell.of((long) rank),
            Cell.of((long) head.layer()),
            Cell.of((long) head.head()),
            Cell.of(100 * head.largest().mass()),
            Cell.of(100 * head.mean()),
            Cell.of(head.largest().keptPercent()),
            Cell.of((long) pool.samples()),
            Cell.of((long) pool.needles())),
        pool.sources());
  }

  /** What the rows of a table by length are. */
  private record Axis(String key, String heading, String title, String lead) {}

  /** The mass of one row of such a table. */
  private interface Looked {
    List<Pool.Mass> of(Pool pool, int row);
  }

  /** How many rows of such a table a pool has. */
  private interface Extent {
    int of(Pool pool);
  }

  private static Section byLength(
      Axis axis, List<Pool> pools, Extent extent, IntFunction<String> name, Looked looked) {
    SortedSet<Integer> lengths = new TreeSet<>();
    pools.forEach(pool -> lengths.addAll(pool.lengths()));
    List<Column> columns = contender();
    columns.add(Column.words(axis.key(), axis.heading()));
    for (int length : lengths) {
      columns.add(percent("mass_" + length, String.format(Locale.ROOT, "%,d", length)));
      columns.add(percent("kept_" + length, "kept"));
    }
    List<Row> rows = new ArrayList<>();
    for (Pool pool : pools) {
      for (int row = 0; row < extent.of(pool); row++) {
        List<Cell> cells = new ArrayList<>();
        cells.add(Cell.of(pool.model()));
        cells.add(Cell.of(pool.mode()));
        cells.add(Cell.of(name.apply(row)));
        for (int length : lengths) {
          cells.addAll(cells(pool.ofLength(length), row, looked));
        }
        rows.add(new Row(cells, pool.sources()));
      }
    }
    Grids grids = new Grids(axis, pools, List.copyOf(lengths), extent, name, looked);
    return Section.table("attribution-" + axis.key(), axis.title(), axis.lead(), columns, rows)
        .drawn(List.of(), grids.all());
  }

  /** The same as pictures: a panel for each model and mode, rows down, lengths across. */
  private record Grids(
      Axis axis,
      List<Pool> pools,
      List<Integer> lengths,
      Extent extent,
      IntFunction<String> name,
      Looked looked) {
    List<Grid> all() {
      String key = "attribution-" + axis.key();
      Grid mass =
          grid(
              key + "-mass",
              axis.title(),
              org.ssasuite.core.report.Axis.of("Attention on needles", Unit.PERCENT),
              each -> OptionalDouble.of(100 * each.mass()));
      Grid kept =
          grid(
              key + "-kept",
              axis.title() + ": what the selection kept of it",
              org.ssasuite.core.report.Axis.percent("Kept"),
              Pool.Mass::keptPercent);
      return Stream.of(mass, kept).filter(Grids::says).toList();
    }

    private static boolean says(Grid grid) {
      return grid.panels().stream()
          .flatMap(panel -> panel.values().stream().flatMap(List::stream))
          .anyMatch(OptionalDouble::isPresent);
    }

    private Grid grid(
        String key,
        String title,
        org.ssasuite.core.report.Axis value,
        Function<Pool.Mass, OptionalDouble> figure) {
      int rows = pools.stream().mapToInt(extent::of).max().orElse(0);
      List<Grid.Panel> panels = new ArrayList<>();
      for (Pool pool : pools) {
        List<List<OptionalDouble>> values = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
          int at = row;
          values.add(
              lengths.stream().map(length -> value(pool.ofLength(length), at, figure)).toList());
        }
        panels.add(new Grid.Panel(pool.model() + " " + pool.mode(), values, pool.sources()));
      }
      return new Grid(
          key,
          title,
          new Grid.Scale(
              org.ssasuite.core.report.Axis.of(axis.heading(), Unit.NONE),
              IntStream.range(0, rows).mapToObj(name).toList()),
          new Grid.Scale(
              org.ssasuite.core.report.Axis.doubling("Length", Unit.TOKENS),
              lengths.stream().map(String::valueOf).toList()),
          value,
          panels);
    }

    private OptionalDouble value(
        List<Pool> ofLength, int row, Function<Pool.Mass, OptionalDouble> figure) {
      return ofLength.stream()
          .filter(pool -> row < extent.of(pool))
          .flatMap(pool -> looked.of(pool, row).stream())
          .findFirst()
          .map(figure)
          .orElse(OptionalDouble.empty());
    }
  }

  private static List<Cell> cells(List<Pool> ofLength, int row, Looked looked) {
    return ofLength.stream()
        .flatMap(pool -> looked.of(pool, row).stream())
        .findFirst()
        .map(mass -> List.of(Cell.of(100 * mass.mass()), Cell.of(mass.keptPercent())))
        .orElse(List.of(Cell.absent(), Cell.absent()));
  }

  private static Column percent(String key, String heading) {
    return Column.figure(key, heading, Unit.PERCENT, Shown.TENTHS);
  }
}
