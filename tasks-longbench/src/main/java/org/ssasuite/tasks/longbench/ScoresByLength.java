package org.ssasuite.tasks.longbench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Grid;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.task.Facet;
import org.ssasuite.tasks.longbench.v2.V2Task;

/**
 * Scores by category and length, a panel for each model and mode: in a place the mean over the
 * category's data sets that have samples of the length, each counting once. LongBench v2, whose
 * sets have samples of all categories, is a line of its own.
 */
final class ScoresByLength {
  private static final String WHOLE = "all";

  private final Map<String, List<ReportedResult>> panels;
  private final List<String> categories;
  private final Map<String, Function<ReportedResult, Optional<MetricResult>>> lengths;

  private ScoresByLength(Map<String, List<ReportedResult>> panels) {
    this.panels = panels;
    this.categories =
        panels.values().stream()
            .flatMap(Collection::stream)
            .map(ScoresByLength::category)
            .distinct()
            .toList();
    this.lengths = lengths(panels.values());
  }

  /**
   * Draws them; absent where no result tells lengths apart.
   *
   * @param panels the results of each panel, by its name
   */
  static Optional<Grid> of(Map<String, List<ReportedResult>> panels) {
    ScoresByLength scores = new ScoresByLength(panels);
    return scores.lengths.size() > 1 ? Optional.of(scores.grid()) : Optional.empty();
  }

  private static String category(ReportedResult result) {
    String task = result.result().task().base();
    return DataSetKind.of(task).map(kind -> kind.category().replace('_', ' ')).orElse(task);
  }

  /** Those that any result has samples of, and all of them together. */
  private static Map<String, Function<ReportedResult, Optional<MetricResult>>> lengths(
      Collection<List<ReportedResult>> results) {
    Set<Facet> slices = new LinkedHashSet<>();
    Stream.of(LengthBucket.values()).map(LongBenchTask::bucket).forEach(slices::add);
    Stream.of("short", "medium", "long").map(V2Task::length).forEach(slices::add);
    slices.removeIf(
        slice ->
            results.stream()
                .flatMap(Collection::stream)
                .allMatch(result -> result.headline(slice).isEmpty()));
    Map<String, Function<ReportedResult, Optional<MetricResult>>> lengths = new LinkedHashMap<>();
    slices.forEach(slice -> lengths.put(slice.value(), result -> result.headline(slice)));
    lengths.put(WHOLE, ReportedResult::headline);
    return lengths;
  }

  private Grid grid() {
    List<Grid.Panel> drawn = new ArrayList<>();
    panels.forEach(
        (name, results) ->
            drawn.add(
                new Grid.Panel(
                    name,
                    categories.stream().map(category -> line(results, category)).toList(),
                    results.stream().map(ReportedResult::source).toList())));
    return new Grid(
        "longbench-lengths",
        "LongBench by category and length",
        new Grid.Scale(Axis.of("Category", Unit.NONE), categories),
        new Grid.Scale(
            Axis.of("Words of the item (characters in Chinese)", Unit.NONE),
            List.copyOf(lengths.keySet())),
        Axis.percent("Score"),
        drawn);
  }

  private List<OptionalDouble> line(List<ReportedResult> results, String category) {
    List<ReportedResult> own =
        results.stream().filter(result -> category(result).equals(category)).toList();
    return lengths.values().stream().map(score -> SetAverage.mean(own, score)).toList();
  }
}
