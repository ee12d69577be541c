package org.ssasuite.leaderboards.report;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.statistics.Interval;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.io.csv.CsvWriteOptions;

/**
 * The leaderboard for machines: all digits, one header line, an empty field where there is nothing
 * to say. Columns are only ever added at the end; {@code docs/formats.md} explains them.
 */
final class LeaderboardCsv {
  private LeaderboardCsv() {}

  /** The whole file. */
  static String of(Leaderboard leaderboard) {
    StringWriter text = new StringWriter();
    table(leaderboard)
        .write()
        .usingOptions(
            CsvWriteOptions.builder(text)
                .lineEnd("\n")
                .ignoreLeadingWhitespaces(false)
                .ignoreTrailingWhitespaces(false)
                .build());
    return text.toString();
  }

  /** A typed column for each fact. */
  static Table table(Leaderboard leaderboard) {
    List<LeaderboardRow> rows = leaderboard.rows();
    Function<LeaderboardRow, Optional<MetricResult>> headline = LeaderboardRow::headline;
    return Table.create(
        "leaderboard",
        text("model", rows, row -> row.result().model().name()),
        text("mode", rows, row -> row.result().model().mode()),
        whole("trained_tokens", rows, LeaderboardCsv::trainedTokens),
        text("benchmark", rows, row -> row.result().task().benchmark()),
        text("task", rows, row -> row.result().task().name()),
        whole("task_version", rows, row -> Optional.of((long) row.result().task().version())),
        text("metric", rows, row -> headline.apply(row).map(MetricResult::metric).orElse("")),
        text("better", rows, row -> headline.apply(row).map(m -> lower(m.better())).orElse("")),
        real("value", rows, row -> headline.apply(row).map(MetricResult::value)),
        real("low", rows, row -> row.interval().map(Interval::low)),
        real("high", rows, row -> row.interval().map(Interval::high)),
        real("level", rows, row -> row.interval().map(Interval::level)),
        text(
            "interval_method",
            rows,
            row -> headline.apply(row).map(m -> lower(m.interval().method())).orElse("")),
        flag("few_documents", rows, LeaderboardRow::fewDocuments),
        whole("samples", rows, row -> Optional.of((long) row.result().samples())),
        whole("documents", rows, row -> headline.apply(row).map(m -> (long) m.documents())),
        whole("unscored", rows, row -> Optional.of((long) row.result().unscored())),
        whole("truncated_samples", rows, row -> Optional.of((long) row.result().truncated())),
        whole("cut_tokens", rows, row -> Optional.of(row.result().cutTokens())),
        whole("tokens", rows, row -> Optional.of(row.result().tokens())),
        real("tokens_per_second", rows, LeaderboardCsv::speed),
        real("token_nats", rows, row -> row.metric("token_nats").map(MetricResult::value)),
        real("bits_per_byte", rows, row -> row.metric("bits_per_byte").map(MetricResult::value)),
        flag("best", rows, LeaderboardRow::best),
        text("protocol", rows, row -> row.result().protocol()),
        text("data_digest", rows, row -> row.result().dataDigest()),
        text("precision", rows, row -> row.run().result().manifest().spec().precision()),
        text("device", rows, row -> row.run().result().manifest().spec().device()),
        text("rope", rows, row -> row.run().result().manifest().spec().rope().orElse("")),
        text("run", rows, row -> row.run().folder()),
        text("commit", rows, row -> row.run().result().manifest().commit().orElse("")),
        whole("runs", rows, row -> row.result().work().map(Work::runs)),
        whole("run_tokens", rows, row -> row.result().work().map(Work::tokens)),
        whole("shared_tokens", rows, row -> row.result().work().map(Work::sharedTokens)),
        real("chance", rows, LeaderboardCsv::chance),
        chanceFlag(rows));
  }

  private static Optional<Long> trainedTokens(LeaderboardRow row) {
    var tokens = row.result().model().trainedTokens();
    return tokens.isPresent() ? Optional.of((long) tokens.getAsInt()) : Optional.empty();
  }

  private static Optional<Double> speed(LeaderboardRow row) {
    return row.result().seconds() > 0
        ? Optional.of(row.result().tokensPerSecond())
        : Optional.empty();
  }

  private static Optional<Double> chance(LeaderboardRow row) {
    OptionalDouble chance = row.result().chance();
    return chance.isPresent() ? Optional.of(chance.getAsDouble()) : Optional.empty();
  }

  /** Empty where there is nothing to guess. */
  private static Column<?> chanceFlag(List<LeaderboardRow> rows) {
    BooleanColumn column = BooleanColumn.create("indistinguishable_from_chance");
    for (LeaderboardRow row : rows) {
      if (row.result().chance().isPresent()) {
        column.append(row.result().indistinguishableFromChance());
      } else {
        column.appendMissing();
      }
    }
    return column;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Column<?> text(
      String name, List<LeaderboardRow> rows, Function<LeaderboardRow, String> fact) {
    return StringColumn.create(name, rows.stream().map(fact).map(SpreadsheetText::of));
  }

  private static Column<?> whole(
      String name, List<LeaderboardRow> rows, Function<LeaderboardRow, Optional<Long>> fact) {
    LongColumn column = LongColumn.create(name);
    for (LeaderboardRow row : rows) {
      fact.apply(row).ifPresentOrElse(column::append, column::appendMissing);
    }
    return column;
  }

  private static Column<?> real(
      String name, List<LeaderboardRow> rows, Function<LeaderboardRow, Optional<Double>> fact) {
    DoubleColumn column = DoubleColumn.create(name);
    for (LeaderboardRow row : rows) {
      fact.apply(row).ifPresentOrElse(column::append, column::appendMissing);
    }
    return column;
  }

  private static Column<?> flag(
      String name, List<LeaderboardRow> rows, Function<LeaderboardRow, Boolean> fact) {
    BooleanColumn column = BooleanColumn.create(name);
    rows.forEach(row -> column.append(fact.apply(row)));
    return column;
  }
}
