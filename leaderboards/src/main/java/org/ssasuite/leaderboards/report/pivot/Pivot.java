package org.ssasuite.leaderboards.report.pivot;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.leaderboards.report.Leaderboard;

/**
 * Models in their modes by tasks. What several runs have of the same model (by its whole card) is
 * one line, as far as no two of them have the same task and protocol. Immutable.
 */
public final class Pivot {
  private final List<ReportedResult> results;
  private final List<String> runs;

  /** Of each result. */
  private final List<Column> columns;

  /** Of each result. */
  private final List<Line> lines;

  private final Map<Place, Integer> places = new HashMap<>();

  /**
   * A model in a mode.
   *
   * @param run the first that has a part in it
   */
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
    Map<Part, Line> together = together();
    this.lines = results.stream().map(result -> together.get(Part.of(result))).toList();
    for (int i = 0; i < results.size(); i++) {
      places.putIfAbsent(new Place(lines.get(i), columns.get(i)), i);
    }
  }

  /** What a run has of a model in a mode. */
  private record Part(String run, ModelCard model) {
    static Part of(ReportedResult result) {
      return new Part(result.run(), result.result().model());
    }
  }

  /** The line of each part, in the order of the runs: the first of its model with room for it. */
  private Map<Part, Line> together() {
    Map<Part, Set<Column>> parts = new LinkedHashMap<>();
    IntStream.range(0, results.size())
        .boxed()
        .sorted(Comparator.comparingInt(i -> runs.indexOf(results.get(i).run())))
        .forEach(
            i ->
                parts
                    .computeIfAbsent(Part.of(results.get(i)), part -> new LinkedHashSet<>())
                    .add(columns.get(i)));
    Map<ModelCard, Map<Line, Set<Column>>> taken = new HashMap<>();
    Map<Part, Line> together = new HashMap<>();
    parts.forEach(
        (part, own) -> {
          Map<Line, Set<Column>> lines =
              taken.computeIfAbsent(part.model(), model -> new LinkedHashMap<>());
          Line line =
              lines.entrySet().stream()
                  .filter(each -> Collections.disjoint(each.getValue(), own))
                  .map(Map.Entry::getKey)
                  .findFirst()
                  .orElse(new Line(part.model().name(), part.model().mode(), part.run()));
          lines.computeIfAbsent(line, any -> new HashSet<>()).addAll(own);
          together.put(part, line);
        });
    return together;
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
            .add(lines.get(i));
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

  /** The model, with its first run where there are several lines of it in the mode. */
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
