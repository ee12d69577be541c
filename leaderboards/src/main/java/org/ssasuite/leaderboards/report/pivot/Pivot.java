package org.ssasuite.leaderboards.report.pivot;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.leaderboards.report.Leaderboard;

/** Models in their modes by tasks. Immutable. */
public final class Pivot {
  private final List<ReportedResult> results;
  private final List<String> runs;

  /** Of each result. */
  private final List<Column> columns;

  private final Map<Place, Integer> places = new HashMap<>();

  /** A model in a mode, of a run. */
  public record Line(String model, String mode, String run) {}

  /** What the figures of a column share: task, protocol, data, and the metric that is shown. */
  public record Column(
      String suite,
      Leaderboard.Protocol protocol,
      String metric,
      Optional<MetricRule.Better> better) {}

  private record Place(Line line, Column column) {}

  private Pivot(Leaderboard leaderboard) {
    this.results = leaderboard.results();
    this.runs = leaderboard.runs().stream().map(run -> run.folder()).toList();
    this.columns = results.stream().map(Pivot::column).toList();
    for (int i = 0; i < results.size(); i++) {
      places.putIfAbsent(new Place(line(results.get(i)), columns.get(i)), i);
    }
  }

  public static Pivot of(Leaderboard leaderboard) {
    return new Pivot(leaderboard);
  }

  private static Column column(ReportedResult result) {
    Optional<MetricResult> headline = result.headline();
    return new Column(
        result.result().task().benchmark(),
        Leaderboard.Protocol.of(result.result()),
        headline.map(MetricResult::metric).orElse(""),
        headline.map(MetricResult::better));
  }

  private static Line line(ReportedResult result) {
    return new Line(result.model(), result.mode(), result.run());
  }

  /** Each once, suite by suite, in the leaderboard's order. */
  public Map<String, List<Column>> columns() {
    Map<String, Set<Column>> suites = new LinkedHashMap<>();
    columns.forEach(
        column ->
            suites.computeIfAbsent(column.suite(), name -> new LinkedHashSet<>()).add(column));
    Map<String, List<Column>> lists = new LinkedHashMap<>();
    suites.forEach((suite, own) -> lists.put(suite, List.copyOf(own)));
    return lists;
  }

  /**
   * Those that have a figure in one of these columns: by mode, then as the leaderboard has them.
   */
  public List<Line> lines(List<Column> shown) {
    Map<String, Set<Line>> modes = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      if (shown.contains(columns.get(i))) {
        modes
            .computeIfAbsent(results.get(i).mode(), any -> new LinkedHashSet<>())
            .add(line(results.get(i)));
      }
    }
    return modes.values().stream().flatMap(Set::stream).toList();
  }

  /** Which of the leaderboard's rows stands there. */
  public Optional<Integer> at(Line line, Column column) {
    return Optional.ofNullable(places.get(new Place(line, column)));
  }

  /** The result that stands there. */
  public Optional<ReportedResult> result(Line line, Column column) {
    return at(line, column).map(results::get);
  }

  /** The results of a column, in the leaderboard's order. */
  public List<ReportedResult> results(Column column) {
    return IntStream.range(0, results.size())
        .filter(i -> columns.get(i).equals(column))
        .mapToObj(results::get)
        .toList();
  }

  /** The model, with its run where several runs have it in the mode. */
  public String name(Line line) {
    boolean several =
        places.keySet().stream()
            .map(Place::line)
            .anyMatch(
                other ->
                    other.model().equals(line.model())
                        && other.mode().equals(line.mode())
                        && !other.run().equals(line.run()));
    return several ? line.model() + " (run " + (runs.indexOf(line.run()) + 1) + ")" : line.model();
  }
}
