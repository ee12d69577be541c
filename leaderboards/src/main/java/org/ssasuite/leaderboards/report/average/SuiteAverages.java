package org.ssasuite.leaderboards.report.average;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final Leaderboard leaderboard;
  private final Pivot pivot;
  private final RowLogs logs;

  private record Average(
      String suite, Pivot.Line line, List<Pivot.Column> tasks, AverageOfShares figure) {}

  private SuiteAverages(Leaderboard leaderboard, RowLogs logs) {
    this.leaderboard = leaderboard;
    this.pivot = Pivot.of(leaderboard);
    this.logs = logs;
  }

  /** Absent where no suite has two tasks in percent that a model has both of. */
  public static Optional<Section> of(Leaderboard leaderboard, RowLogs logs) {
    return new SuiteAverages(leaderboard, logs).section();
  }

  private Optional<Section> section() {
    List<Row> rows = new ArrayList<>();
    int contest = 0;
    for (Map.Entry<String, List<Pivot.Column>> suite : shares().entrySet()) {
      List<Average> averages = averages(suite.getKey(), suite.getValue());
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
    return leaderboard.results().get(pivot.at(line, column).orElseThrow());
  }

  private List<Average> averages(String suite, List<Pivot.Column> columns) {
    List<Average> averages = new ArrayList<>();
    for (Pivot.Line line : pivot.lines(columns)) {
      if (columns.stream().allMatch(column -> pivot.at(line, column).isPresent())) {
        List<AverageOfShares.Samples> samples =
            columns.stream().map(column -> samples(result(line, column))).toList();
        averages.add(new Average(suite, line, columns, AverageOfShares.of(samples, LEVEL, SEED)));
      }
    }
    return averages;
  }

  private AverageOfShares.Samples samples(ReportedResult row) {
    List<SamplePairs.Sample> scored =
        logs.of(row).samples().stream().filter(sample -> sample.headline().isPresent()).toList();
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
