package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;
import org.ssasuite.tasks.longbench.LongBenchTasks;

/**
 * What LongBench's tables have of each model and mode: averages over data sets, and what was cut.
 *
 * <p>An average is that of published tables: each data set's score in percent, rounded to two
 * decimals, counts once, whatever its number of samples; the mean is rounded again. An average of a
 * slice is over the data sets that have samples in it.
 */
final class LongBenchSummary {
  private static final String BENCHMARK = LongBenchTasks.SUITE;
  private static final int DECIMALS = 2;

  private final List<LeaderboardRow> rows;

  private LongBenchSummary(List<LeaderboardRow> rows) {
    this.rows = List.copyOf(rows);
  }

  /** Results that belong together: one table line. Digits of data sets' own protocols are in it. */
  private record Line(String run, String model, String mode, String suite, String protocol) {
    static Line of(LeaderboardRow row) {
      TaskResult result = row.result();
      return new Line(
          row.run().folder(),
          result.model().name(),
          result.model().mode(),
          result.task().benchmark(),
          result.protocol());
    }
  }

  /** The section; empty without a result of LongBench. */
  static String of(Leaderboard leaderboard) {
    Map<Line, List<LeaderboardRow>> lines = new LinkedHashMap<>();
    for (LeaderboardRow row : leaderboard.rows()) {
      if (row.result().task().benchmark().startsWith(BENCHMARK)) {
        lines.computeIfAbsent(Line.of(row), line -> new ArrayList<>()).add(row);
      }
    }
    if (lines.isEmpty()) {
      return "";
    }
    return "\nLongBench, averages over data sets:\n\n"
        + averages(lines)
        + "\nLongBench, what was cut of the prompts:\n\n"
        + cuts(lines);
  }

  private static String averages(Map<Line, List<LeaderboardRow>> lines) {
    Map<String, Function<LongBenchSummary, OptionalDouble>> columns = columns(lines.values());
    MarkdownTable table = head();
    table.column("Sets", Side.RIGHT);
    columns.keySet().forEach(heading -> table.column(heading, Side.RIGHT));
    lines.forEach(
        (line, rows) -> {
          LongBenchSummary summary = new LongBenchSummary(rows);
          List<String> cells = start(line);
          cells.add(String.valueOf(rows.size()) + (summary.complete() ? "" : " ‡"));
          columns.values().forEach(average -> cells.add(shown(average.apply(summary))));
          table.row(cells);
        });
    return table.text();
  }

  private static MarkdownTable head() {
    return new MarkdownTable()
        .column("Model", Side.LEFT)
        .column("Mode", Side.LEFT)
        .column("Suite", Side.LEFT);
  }

  private static List<String> start(Line line) {
    return new ArrayList<>(
        List.of(
            MarkdownTable.escaped(line.model()), line.mode(), MarkdownTable.escaped(line.suite())));
  }

  /** Those columns that any line has something for. */
  private static Map<String, Function<LongBenchSummary, OptionalDouble>> columns(
      Collection<List<LeaderboardRow>> all) {
    Map<String, Function<LongBenchSummary, OptionalDouble>> columns = new LinkedHashMap<>();
    columns.put("Average", LongBenchSummary::average);
    kinds(all, LongBenchTasks.Kind::category)
        .forEach(
            category ->
                columns.put(
                    category.replace('_', ' '),
                    summary -> summary.averageOf(category, LongBenchTasks.Kind::category)));
    kinds(all, LongBenchTasks.Kind::language)
        .forEach(
            language ->
                columns.put(
                    language,
                    summary -> summary.averageOf(language, LongBenchTasks.Kind::language)));
    for (String bucket : List.of("0-4k", "4-8k", "8k+")) {
      columns.put(bucket, summary -> summary.averageIn("length", bucket));
    }
    columns.put("inside trained", summary -> summary.averageByTrained("inside"));
    columns.put("beyond trained", summary -> summary.averageByTrained("beyond"));
    for (String difficulty : List.of("easy", "hard")) {
      columns.put(difficulty, summary -> summary.averageIn("difficulty", difficulty));
    }
    for (String length : List.of("short", "medium", "long")) {
      columns.put(length, summary -> summary.averageIn("length", length));
    }
    columns
        .values()
        .removeIf(
            column ->
                all.stream().allMatch(rows -> column.apply(new LongBenchSummary(rows)).isEmpty()));
    return columns;
  }

  private static List<String> kinds(
      Collection<List<LeaderboardRow>> all, Function<LongBenchTasks.Kind, String> part) {
    return all.stream()
        .flatMap(List::stream)
        .flatMap(row -> kind(row).stream())
        .map(part)
        .distinct()
        .toList();
  }

  private static Optional<LongBenchTasks.Kind> kind(LeaderboardRow row) {
    return LongBenchTasks.kindOf(row.result().task().base());
  }

  private boolean complete() {
    return rows.stream().allMatch(row -> row.result().complete());
  }

  private OptionalDouble average() {
    return mean(rows.stream().flatMap(row -> row.headline().stream()));
  }

  private OptionalDouble averageOf(String value, Function<LongBenchTasks.Kind, String> part) {
    return mean(
        rows.stream()
            .filter(row -> kind(row).map(part).filter(value::equals).isPresent())
            .flatMap(row -> row.headline().stream()));
  }

  private OptionalDouble averageIn(String facet, String value) {
    return mean(rows.stream().flatMap(row -> slice(row, facet, value).stream()));
  }

  private OptionalDouble averageByTrained(String side) {
    return mean(
        rows.stream()
            .flatMap(
                row -> {
                  OptionalInt trained = row.result().model().trainedTokens();
                  return trained.isPresent()
                      ? slice(row, "trained_" + trained.getAsInt(), side).stream()
                      : Stream.empty();
                }));
  }

  private static Optional<MetricResult> slice(LeaderboardRow row, String facet, String value) {
    return row.result().metrics().stream()
        .filter(
            metric ->
                metric
                    .facet()
                    .filter(found -> found.name().equals(facet) && found.value().equals(value))
                    .isPresent())
        .findFirst();
  }

  private static OptionalDouble mean(Stream<MetricResult> scores) {
    OptionalDouble mean =
        scores.mapToDouble(score -> PythonText.round(score.value(), DECIMALS)).average();
    return mean.isPresent()
        ? OptionalDouble.of(PythonText.round(mean.getAsDouble(), DECIMALS))
        : mean;
  }

  private static String shown(OptionalDouble value) {
    return value.isPresent() ? Rounding.of(value.getAsDouble(), DECIMALS) : "–";
  }

  /** The truncation audit: how many samples, how many tokens, from where. */
  private static String cuts(Map<Line, List<LeaderboardRow>> lines) {
    MarkdownTable table =
        head()
            .column("Samples", Side.RIGHT)
            .column("Cut", Side.RIGHT)
            .column("Tokens read", Side.RIGHT)
            .column("Tokens cut", Side.RIGHT)
            .column("From", Side.LEFT);
    lines.forEach(
        (line, rows) -> {
          List<TaskResult> results = rows.stream().map(LeaderboardRow::result).toList();
          List<String> cells = start(line);
          cells.add(sum(results, result -> (long) result.samples() + result.unscored()));
          cells.add(sum(results, result -> (long) result.truncated()));
          cells.add(sum(results, TaskResult::tokens));
          cells.add(sum(results, TaskResult::cutTokens));
          cells.add(from(line.protocol()));
          table.row(cells);
        });
    return table.text();
  }

  private static String sum(List<TaskResult> results, Function<TaskResult, Long> count) {
    return String.valueOf(results.stream().mapToLong(count::apply).sum());
  }

  /** The protocol's own words, {@code middle-7500}. */
  private static String from(String protocol) {
    return Stream.of(protocol.split("/", -1))
        .filter(part -> part.startsWith("middle-") || part.startsWith("left-"))
        .findFirst()
        .map(part -> "the " + part.replace("-", ", limit "))
        .orElse("–");
  }
}
