package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Mark;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.MetricRule;

/** The leaderboard as people read it: its columns are those that any row has something for. */
final class LeaderboardSection {
  private static final String TOKEN_NATS = "token_nats";
  private static final String BITS_PER_BYTE = "bits_per_byte";
  private static final String ACC = "acc";
  private static final String ACC_NORM = "acc_norm";
  private static final double PERCENT = 100;

  private final Leaderboard leaderboard;
  private final Map<Column, Function<LeaderboardRow, Cell>> columns = new LinkedHashMap<>();

  private LeaderboardSection(Leaderboard leaderboard) {
    this.leaderboard = leaderboard;
  }

  static Section of(Leaderboard leaderboard) {
    LeaderboardSection section = new LeaderboardSection(leaderboard);
    section.addHeadline();
    section.addFurther();
    section.addCounts();
    section.addLater();
    List<Row> rows =
        leaderboard.rows().stream()
            .map(
                row ->
                    new Row(
                        section.columns.values().stream().map(cell -> cell.apply(row)).toList(),
                        List.of(row.reported().source()),
                        row.standing()))
            .toList();
    return Section.table("results", "Leaderboard", "", List.copyOf(section.columns.keySet()), rows)
        .noting(section.notes());
  }

  private void addHeadline() {
    columns.put(Column.words("model", "Model"), row -> Cell.of(row.reported().model()));
    columns.put(Column.words("mode", "Mode"), row -> Cell.of(row.reported().mode()));
    columns.put(Column.words("task", "Task"), row -> task(row.result()));
    columns.put(
        Column.count("protocol", "Protocol", Unit.NONE),
        row ->
            Cell.of(leaderboard.protocols().indexOf(Leaderboard.Protocol.of(row.result())) + 1L));
    columns.put(
        Column.words("metric", "Metric"),
        row -> row.headline().map(LeaderboardSection::metric).orElse(Cell.absent()));
    columns.put(Column.ranked("value", "Value", levels() + " interval"), LeaderboardSection::value);
  }

  private void addFurther() {
    if (any(row -> row.result().chance().isPresent())) {
      columns.put(
          Column.figure("chance", "Chance", Unit.NONE, Shown.LIKE_RANKED),
          LeaderboardSection::chance);
    }
    addMetric(TOKEN_NATS, "Nats/token", Unit.NATS_PER_TOKEN);
    addMetric(BITS_PER_BYTE, "Bits/byte", Unit.BITS_PER_BYTE);
  }

  private void addMetric(String metric, String heading, Unit unit) {
    if (any(row -> row.metric(metric).isPresent())) {
      columns.put(
          Column.figure(metric, heading, unit, Shown.FOUR_DIGITS),
          row -> row.metric(metric).map(m -> Cell.of(m.value())).orElse(Cell.absent()));
    }
  }

  private void addCounts() {
    columns.put(
        Column.count("samples", "Samples", Unit.SAMPLES),
        row -> Cell.of((long) row.result().samples()));
    columns.put(
        Column.count("documents", "Documents", Unit.DOCUMENTS),
        row -> row.headline().map(m -> Cell.of((long) m.documents())).orElse(Cell.absent()));
    if (any(row -> !row.result().complete())) {
      columns.put(
          Column.count("unscored", "Unscored", Unit.SAMPLES), row -> unscored(row.result()));
    }
    columns.put(
        Column.count("truncated", "Truncated (tokens)", Unit.SAMPLES),
        row -> truncated(row.result()));
    columns.put(
        Column.figure("tokens_per_second", "Tokens/s", Unit.TOKENS_PER_SECOND, Shown.WHOLE),
        row -> speed(row.result()));
    if (leaderboard.runs().size() > 1) {
      columns.put(
          Column.count("run", "Run", Unit.NONE),
          row -> Cell.of(leaderboard.runs().indexOf(row.run()) + 1L));
    }
  }

  /** Behind those that the section had first: whoever reads its CSV counts on their order. */
  private void addLater() {
    if (any(row -> row.standardError().isPresent())) {
      columns.put(
          Column.figure("standard_error", "Std. error", Unit.NONE, Shown.LIKE_RANKED),
          row -> Cell.of(row.standardError()));
    }
    for (String accuracy : List.of(ACC, ACC_NORM)) {
      if (any(row -> row.isFurther(accuracy))) {
        columns.put(
            Column.figure(accuracy, accuracy, Unit.PERCENT, Shown.LIKE_RANKED),
            row -> row.metric(accuracy).map(m -> Cell.of(m.value())).orElse(Cell.absent()));
      }
    }
  }

  private boolean any(Predicate<LeaderboardRow> fact) {
    return leaderboard.rows().stream().anyMatch(fact);
  }

  /** As {@code 95 %}; of several levels the first one's, the others are in the CSV. */
  private String levels() {
    Optional<Interval> first =
        leaderboard.rows().stream().flatMap(row -> row.interval().stream()).findFirst();
    return first.map(interval -> Rounding.of(interval.level() * PERCENT, 0) + " %").orElse("95 %");
  }

  private static Cell task(TaskResult result) {
    int version = result.task().version();
    return new Cell.Text(
        result.task().name() + " v" + version, Map.of("version", (long) version), List.of());
  }

  private static Cell metric(MetricResult metric) {
    boolean lower = metric.better() == MetricRule.Better.LOWER;
    Mark mark = lower ? Mark.LOWER_IS_BETTER : Mark.HIGHER_IS_BETTER;
    return new Cell.Text(metric.metric(), Map.of(), List.of(mark));
  }

  private static Cell value(LeaderboardRow row) {
    if (row.headline().isEmpty()) {
      return Cell.absent();
    }
    List<Mark> marks = new ArrayList<>();
    if (row.fewDocuments()) {
      marks.add(Mark.FEW_DOCUMENTS);
    }
    if (row.result().indistinguishableFromChance()) {
      marks.add(Mark.HOLDS_CHANCE);
    }
    return new Cell.Real(row.headline().get().value(), row.interval(), marks);
  }

  private static Cell chance(LeaderboardRow row) {
    OptionalDouble chance = row.result().chance();
    return row.headline().isPresent() ? Cell.of(chance) : Cell.absent();
  }

  private static Cell unscored(TaskResult result) {
    return new Cell.Whole(
        result.unscored(), result.complete() ? List.of() : List.of(Mark.INCOMPLETE));
  }

  private static Cell truncated(TaskResult result) {
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("samples", (long) result.truncated());
    parts.put("cut_tokens", result.cutTokens());
    String text =
        result.truncated() == 0 ? "0" : result.truncated() + " (" + result.cutTokens() + ")";
    return new Cell.Text(text, parts, List.of());
  }

  private static Cell speed(TaskResult result) {
    return result.seconds() > 0 ? Cell.of(result.tokensPerSecond()) : Cell.absent();
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (any(LeaderboardRow::fewDocuments)) {
      notes.add(
          "†: fewer than 20 documents; a Student t interval (of right and wrong answers Wilson's), or"
              + " none for a single document.");
    }
    if (any(row -> row.result().indistinguishableFromChance())) {
      notes.add("§: the interval holds the chance level; guessing explains the value.");
    }
    if (any(row -> !row.result().complete())) {
      notes.add("‡: samples without a score; the row is incomplete and cannot be best.");
    }
    return notes;
  }
}
