package org.ssasuite.leaderboards.report.average;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Source;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.leaderboards.report.Leaderboard;
import org.ssasuite.leaderboards.report.pivot.Pivot;

/** Models in their modes by tasks: headlines, averages over suites, accuracies. */
public final class OverviewSection {
  private static final String ACC = "acc";
  private static final String NOTE =
      "Averages count each task of the suite once; their intervals are below (Suite averages).";

  private final Pivot pivot;
  private final SuiteAverages averages;
  private final List<Pivot.Column> tasks;
  private final Map<Column, Function<Pivot.Line, Cell>> columns = new LinkedHashMap<>();

  private OverviewSection(Leaderboard leaderboard, SuiteAverages averages) {
    this.pivot = Pivot.of(leaderboard);
    this.averages = averages;
    this.tasks = pivot.columns().values().stream().flatMap(List::stream).toList();
  }

  /** Absent where it would say no more than the leaderboard. */
  public static Optional<Section> of(Leaderboard leaderboard, SuiteAverages averages) {
    OverviewSection overview = new OverviewSection(leaderboard, averages);
    boolean says = overview.tasks.size() > 1 && overview.lines().size() > 1;
    return says ? Optional.of(overview.section()) : Optional.empty();
  }

  private List<Pivot.Line> lines() {
    return pivot.lines(tasks);
  }

  private Section section() {
    columns.put(Column.words("model", "Model"), line -> Cell.of(pivot.name(line)));
    columns.put(Column.words("mode", "Mode"), line -> Cell.of(line.mode()));
    for (int i = 0; i < tasks.size(); i++) {
      Pivot.Column task = tasks.get(i);
      columns.put(
          Column.figure("task_" + (i + 1), heading(task), Unit.NONE, Shown.FOUR_DIGITS),
          line -> cell(pivot.result(line, task).flatMap(ReportedResult::headline)));
    }
    for (String suite : averages.suites()) {
      columns.put(
          Column.figure(
              "average_" + suite.replace('-', '_'),
              suite + " average ↑",
              Unit.PERCENT,
              Shown.FOUR_DIGITS),
          line -> Cell.of(averages.percent(suite, line)));
    }
    for (int i = 0; i < tasks.size(); i++) {
      Pivot.Column task = tasks.get(i);
      if (hasAccuracyToo(task)) {
        String heading = task.protocol().task() + " " + ACC + " ↑";
        columns.put(
            Column.figure("acc_" + (i + 1), heading, Unit.PERCENT, Shown.FOUR_DIGITS),
            line -> cell(pivot.result(line, task).flatMap(result -> result.metric(ACC))));
      }
    }
    return Section.table(
            "overview",
            "Overview",
            "Models in their modes by tasks:",
            List.copyOf(columns.keySet()),
            lines().stream().map(this::row).toList())
        .noting(averages.suites().isEmpty() ? List.of() : List.of(NOTE));
  }

  private Row row(Pivot.Line line) {
    List<Source> sources = new ArrayList<>();
    tasks.forEach(
        task -> pivot.result(line, task).map(ReportedResult::source).ifPresent(sources::add));
    return new Row(columns.values().stream().map(cell -> cell.apply(line)).toList(), sources);
  }

  private static Cell cell(Optional<MetricResult> metric) {
    return metric.map(each -> Cell.of(each.value())).orElse(Cell.absent());
  }

  /** Whether any row of it has an accuracy beside another headline. */
  private boolean hasAccuracyToo(Pivot.Column task) {
    return !task.metric().equals(ACC)
        && pivot.results(task).stream().anyMatch(result -> result.metric(ACC).isPresent());
  }

  private static String heading(Pivot.Column task) {
    String arrow =
        task.better().map(each -> each == MetricRule.Better.LOWER ? " ↓" : " ↑").orElse("");
    return task.protocol().task() + " " + task.metric() + arrow;
  }
}
