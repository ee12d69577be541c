package org.ssasuite.leaderboards.report.average;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Source;
import org.ssasuite.core.report.Standing;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.statistics.AverageOfShares;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Transform;
import org.ssasuite.leaderboards.compare.SamplePairs;
import org.ssasuite.leaderboards.report.Leaderboard;
import org.ssasuite.leaderboards.report.pivot.Pivot;
import org.ssasuite.leaderboards.report.samples.RowLog;
import org.ssasuite.leaderboards.report.samples.RowLogs;

/**
 * What a model comes to over the tasks of a suite: the mean of its percentages, each task counting
 * once. Of a suite all tasks of the report count, so only models that have all of them have one.
 */
public final class SuiteAverages {
  private static final double LEVEL = 0.95;
  private static final long SEED = 20_251_120;
  private static final double PERCENT = 100;
  private static final int FEW_DOCUMENTS = 20;
  private static final String NOTE =
      "Each task counts once, by its headline. Intervals by a bootstrap that draws each task's"
          + " documents anew; where a task has fewer than 20 documents (†), or all of its answers"
          + " are alike, the tasks' own intervals are combined. Losses are not averaged.";

  private final Pivot pivot;
  private final Map<String, List<Average>> suites = new LinkedHashMap<>();

  private record Average(
      String suite, Pivot.Line line, List<Pivot.Column> tasks, AverageOfShares figure) {}

  private SuiteAverages(Pivot pivot) {
    this.pivot = pivot;
  }

  /** Averages over each suite that has two tasks in percent. */
  public static SuiteAverages of(Leaderboard leaderboard, RowLogs logs) {
    SuiteAverages averages = new SuiteAverages(Pivot.of(leaderboard));
    averages
        .shares()
        .forEach(
            (suite, columns) -> {
              List<Average> own = averages.averages(suite, columns, logs);
              if (!own.isEmpty()) {
                averages.suites.put(suite, own);
              }
            });
    return averages;
  }

  /** None: for a report whose logs are not read. */
  public static SuiteAverages none(Leaderboard leaderboard) {
    return new SuiteAverages(Pivot.of(leaderboard));
  }

  /** The suites that any model has an average over. */
  List<String> suites() {
    return List.copyOf(suites.keySet());
  }

  /** In percent; absent where the model lacks a task. */
  OptionalDouble percent(String suite, Pivot.Line line) {
    return suites.get(suite).stream()
        .filter(average -> average.line().equals(line))
        .mapToDouble(average -> PERCENT * average.figure().value())
        .findFirst();
  }

  /** All of them with their intervals; absent where there is none. */
  public Optional<Section> section() {
    List<Row> rows = new ArrayList<>();
    int contest = 0;
    for (List<Average> averages : suites.values()) {
      contest++;
      for (Average average : averages) {
        rows.add(row(average, averages, contest));
      }
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                    "suite-averages",
                    "Suite averages",
                    "Means over the tasks of a suite, in percent:",
                    List.of(
                        Column.words("model", "Model"),
                        Column.words("mode", "Mode"),
                        Column.words("suite", "Suite"),
                        Column.count("tasks", "Tasks", Unit.TASKS),
                        Column.ranked("value", "Average", "95 % interval"),
                        Column.figure(
                            "standard_error", "Std. error", Unit.PERCENT, Shown.LIKE_RANKED)),
                    rows)
                .noting(List.of(NOTE)));
  }

  /** Of each suite the columns in percent, where it has two or more. */
  private Map<String, List<Pivot.Column>> shares() {
    Map<String, List<Pivot.Column>> shares = new LinkedHashMap<>();
    pivot
        .columns()
        .forEach(
            (suite, columns) -> {
              List<Pivot.Column> own = columns.stream().filter(this::isShare).toList();
              if (own.size() > 1) {
                shares.put(suite, own);
              }
            });
    return shares;
  }

  private boolean isShare(Pivot.Column column) {
    return column.better().equals(Optional.of(MetricRule.Better.HIGHER))
        && pivot.lines(List.of(column)).stream()
            .map(line -> result(line, column).headline())
            .allMatch(metric -> metric.flatMap(MetricResult::transform).equals(PERCENTAGE));
  }

  private static final Optional<Transform> PERCENTAGE = Optional.of(Transform.PERCENT);

  private ReportedResult result(Pivot.Line line, Pivot.Column column) {
    return pivot.result(line, column).orElseThrow();
  }

  private List<Average> averages(String suite, List<Pivot.Column> columns, RowLogs logs) {
    return pivot.lines(columns).parallelStream()
        .filter(line -> columns.stream().allMatch(column -> pivot.at(line, column).isPresent()))
        .map(line -> average(suite, line, columns, logs))
        .toList();
  }

  private Average average(String suite, Pivot.Line line, List<Pivot.Column> columns, RowLogs logs) {
    List<AverageOfShares.Samples> samples =
        columns.stream().map(column -> samples(logs.of(result(line, column)))).toList();
    return new Average(suite, line, columns, AverageOfShares.of(samples, LEVEL, SEED));
  }

  private static AverageOfShares.Samples samples(RowLog log) {
    List<SamplePairs.Sample> scored =
        log.samples().stream().filter(sample -> sample.headline().isPresent()).toList();
    return AverageOfShares.Samples.of(
        scored.stream().mapToDouble(sample -> measure(sample).value()).toArray(),
        scored.stream().mapToDouble(sample -> measure(sample).weight()).toArray(),
        scored.stream().map(SamplePairs.Sample::document).toList());
  }

  private static Measure measure(SamplePairs.Sample sample) {
    return sample.headline().orElseThrow();
  }

  private Row row(Average average, List<Average> among, int contest) {
    AverageOfShares figure = average.figure();
    Interval interval = figure.interval();
    List<Mark> marks =
        figure.fewestDocuments() < FEW_DOCUMENTS ? List.of(Mark.FEW_DOCUMENTS) : List.of();
    Interval percent =
        new Interval(
            PERCENT * interval.low(),
            PERCENT * interval.high(),
            interval.level(),
            interval.method());
    return new Row(
        List.of(
            Cell.of(pivot.name(average.line())),
            Cell.of(average.line().mode()),
            Cell.of(average.suite()),
            Cell.of((long) average.tasks().size()),
            new Cell.Real(PERCENT * figure.value(), Optional.of(percent), marks),
            figure.standardError().isPresent()
                ? Cell.of(PERCENT * figure.standardError().getAsDouble())
                : Cell.absent()),
        sources(average),
        standing(average, among, contest));
  }

  private List<Source> sources(Average average) {
    return average.tasks().stream()
        .map(column -> result(average.line(), column).source())
        .sorted(Comparator.comparing(source -> source.task().name()))
        .toList();
  }

  private static Optional<Standing> standing(Average average, List<Average> among, int contest) {
    long ahead =
        among.stream().filter(other -> other.figure().value() > average.figure().value()).count();
    return among.size() > 1
        ? Optional.of(new Standing(contest, (int) ahead + 1))
        : Optional.empty();
  }
}
