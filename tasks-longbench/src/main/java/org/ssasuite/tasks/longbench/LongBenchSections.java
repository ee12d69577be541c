package org.ssasuite.tasks.longbench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Grid;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.TaskResult;

/** What LongBench's tables have of each model and mode: averages over data sets, what was cut. */
final class LongBenchSections {
  private final Map<Line, List<ReportedResult>> lines = new LinkedHashMap<>();

  private LongBenchSections(List<ReportedResult> results) {
    for (ReportedResult result : results) {
      lines.computeIfAbsent(Line.of(result), line -> new ArrayList<>()).add(result);
    }
  }

  /** Results that belong together: one table line. Digits of data sets' own protocols are in it. */
  private record Line(String run, String model, String mode, String suite, String protocol) {
    static Line of(ReportedResult reported) {
      TaskResult result = reported.result();
      return new Line(
          reported.run(),
          reported.model(),
          reported.mode(),
          result.task().benchmark(),
          result.protocol());
    }
  }

  static List<Section> of(List<ReportedResult> results) {
    LongBenchSections sections = new LongBenchSections(results);
    return List.of(sections.averages().drawn(List.of(), sections.byLength()), sections.cuts());
  }

  private Section averages() {
    List<SetAverage> averages = SetAverage.of(lines.values());
    List<Column> columns = new ArrayList<>(head());
    columns.add(Column.count("sets", "Data sets", Unit.TASKS));
    averages.forEach(
        average ->
            columns.add(
                Column.figure(average.key(), average.heading(), Unit.PERCENT, Shown.HUNDREDTHS)));
    return table(
        "longbench",
        "LongBench",
        "LongBench, averages over data sets:",
        columns,
        results -> {
          List<Cell> cells = new ArrayList<>(List.of(sets(results)));
          averages.forEach(average -> cells.add(Cell.of(average.over().apply(results))));
          return cells;
        });
  }

  private List<Grid> byLength() {
    Map<String, List<ReportedResult>> named = new LinkedHashMap<>();
    lines.forEach(
        (line, results) ->
            named
                .computeIfAbsent(line.model() + " " + line.mode(), name -> new ArrayList<>())
                .addAll(results));
    return ScoresByLength.of(named).stream().toList();
  }

  private static Cell sets(List<ReportedResult> results) {
    boolean complete = results.stream().allMatch(result -> result.result().complete());
    return new Cell.Whole(results.size(), complete ? List.of() : List.of(Mark.INCOMPLETE));
  }

  /** The truncation audit: how many samples, how many tokens, from where. */
  private Section cuts() {
    List<Column> columns = new ArrayList<>(head());
    columns.add(Column.count("samples", "Samples", Unit.SAMPLES));
    columns.add(Column.count("cut_samples", "Samples cut", Unit.SAMPLES));
    columns.add(Column.count("tokens_read", "Tokens read", Unit.TOKENS));
    columns.add(Column.count("tokens_cut", "Tokens cut", Unit.TOKENS));
    columns.add(Column.words("from", "From"));
    return table(
        "longbench-cuts",
        "LongBench: what was cut",
        "LongBench, what was cut of the prompts:",
        columns,
        results ->
            List.of(
                sum(results, result -> (long) result.samples() + result.unscored()),
                sum(results, TaskResult::truncated),
                sum(results, TaskResult::tokens),
                sum(results, TaskResult::cutTokens),
                from(results.get(0))));
  }

  private static List<Column> head() {
    return List.of(
        Column.words("model", "Model"),
        Column.words("mode", "Mode"),
        Column.words("suite", "Suite"));
  }

  private Section table(
      String key,
      String title,
      String lead,
      List<Column> columns,
      Function<List<ReportedResult>, List<Cell>> rest) {
    List<Row> rows = new ArrayList<>();
    lines.forEach(
        (line, results) -> {
          List<Cell> cells = new ArrayList<>();
          cells.add(Cell.of(line.model()));
          cells.add(Cell.of(line.mode()));
          cells.add(Cell.of(line.suite()));
          cells.addAll(rest.apply(results));
          rows.add(new Row(cells, results.stream().map(ReportedResult::source).toList()));
        });
    return Section.table(key, title, lead, columns, rows);
  }

  private static Cell sum(List<ReportedResult> results, ToLongFunction<TaskResult> count) {
    return Cell.of(results.stream().map(ReportedResult::result).mapToLong(count).sum());
  }

  /** By the rule and the limit that the task was asked for with. */
  private static Cell from(ReportedResult result) {
    OptionalInt limit = result.order().map(order -> order.length()).orElse(OptionalInt.empty());
    return LongBenchTasks.protocol(result.result().task().base())
        .filter(protocol -> limit.isPresent())
        .<Cell>map(
            protocol ->
                new Cell.Text(
                    "the " + protocol.side() + ", limit " + limit.getAsInt(),
                    Map.of("limit_tokens", (long) limit.getAsInt()),
                    List.of()))
        .orElse(Cell.absent());
  }
}
