package org.ssasuite.leaderboards.report.attention;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Grid;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.attention.HeadMeans;
import org.ssasuite.core.run.attention.HeadMeans.Head;
import org.ssasuite.core.statistics.RatioEstimate;

/**
 * Layer by head: grids of all heads, and a table of those with most mass on the first key, and of
 * those of which a budget captures least.
 */
final class HeadSection {
  private static final int RANKED = 3;

  private HeadSection() {}

  /** Absent where no statistic is kept by head. */
  static Optional<Section> of(List<WatchedResult> results, boolean severalRuns) {
    List<Grid> grids = grids(results, severalRuns);
    if (grids.isEmpty()) {
      return Optional.empty();
    }
    List<Row> rows = new ArrayList<>();
    for (WatchedResult result : results) {
      for (HeadMeans means : result.row().heads()) {
        boolean sinks = means.statistic().endsWith("key_mass_0");
        if (sinks || means.statistic().contains("captured_")) {
          rows.addAll(rows(result, means, sinks, severalRuns));
        }
      }
    }
    return Optional.of(
        Section.table(
                "attention-heads",
                "Heads that stand out",
                "Heads with most mass on the first key (key_mass_0), and those of which a budget"
                    + " captures least; layers and heads from 0, means over documents.",
                columns(severalRuns),
                rows)
            .noting(AttentionSections.notes(rows))
            .drawn(List.of(), grids));
  }

  private static List<Column> columns(boolean severalRuns) {
    return AttentionSections.columns(
        severalRuns,
        Column.count("rank", "Rank", Unit.NONE),
        Column.count("layer", "Layer", Unit.NONE),
        Column.count("head", "Head", Unit.NONE),
        Column.ranked("value", "Value", "95 % interval"),
        Column.count("documents", "Documents", Unit.DOCUMENTS));
  }

  private static List<Row> rows(
      WatchedResult result, HeadMeans means, boolean largestFirst, boolean severalRuns) {
    List<Row> rows = new ArrayList<>();
    for (Head head : means.ranked(largestFirst, RANKED)) {
      RatioEstimate estimate = means.estimate(head);
      List<Cell> cells =
          new ArrayList<>(
              List.of(
                  Cell.of(result.model()),
                  Cell.of(result.mode()),
                  Cell.of(result.task()),
                  Cell.of(means.statistic()),
                  Cell.of(rows.size() + 1L),
                  Cell.of((long) head.layer()),
                  Cell.of((long) head.head()),
                  new Cell.Real(
                      estimate.ratio(),
                      WatchedResult.shown(estimate.interval()),
                      WatchedResult.marks(estimate.interval())),
                  Cell.of((long) estimate.documents())));
      if (severalRuns) {
        cells.add(Cell.of((long) result.runNumber()));
      }
      rows.add(new Row(cells, List.of(result.source())));
    }
    return rows;
  }

  /** A grid for each statistic and shape, a panel for each result. */
  private static List<Grid> grids(List<WatchedResult> results, boolean severalRuns) {
    Map<List<Object>, List<Grid.Panel>> panels = new LinkedHashMap<>();
    Map<List<Object>, HeadMeans> first = new LinkedHashMap<>();
    for (WatchedResult result : results) {
      for (HeadMeans means : result.row().heads()) {
        List<Object> same = List.of(means.statistic(), means.layers(), means.heads());
        first.putIfAbsent(same, means);
        panels
            .computeIfAbsent(same, key -> new ArrayList<>())
            .add(new Grid.Panel(result.name(severalRuns), means.grid(), List.of(result.source())));
      }
    }
    List<Grid> grids = new ArrayList<>();
    first.forEach((same, means) -> grids.add(grid(means, panels.get(same))));
    return grids;
  }

  private static Grid grid(HeadMeans means, List<Grid.Panel> panels) {
    String statistic = means.statistic();
    boolean share = !statistic.contains("entropy");
    return new Grid(
        "attention-heads-%s-%dx%d"
            .formatted(PositionCurves.key(statistic), means.layers(), means.heads()),
        statistic + " by layer and head",
        new Grid.Scale(Axis.of("Layer", Unit.NONE), steps(means.layers())),
        new Grid.Scale(Axis.of("Head", Unit.NONE), steps(means.heads())),
        new Axis(
            statistic,
            Unit.NONE,
            share ? Optional.of(new Axis.Limits(0, 1)) : Optional.empty(),
            false),
        panels);
  }

  private static List<String> steps(int count) {
    return IntStream.range(0, count).mapToObj(String::valueOf).toList();
  }
}
