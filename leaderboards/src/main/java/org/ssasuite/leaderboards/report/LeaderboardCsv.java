package org.ssasuite.leaderboards.report;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.leaderboards.report.provenance.RedoCommand;
import tech.tablesaw.api.Table;

/**
 * The leaderboard for machines: all digits, one header line, an empty field where there is nothing
 * to say. Columns are only ever added at the end; {@code docs/formats.md} explains them.
 */
final class LeaderboardCsv {
  private LeaderboardCsv() {}

  /** The whole file. */
  static String of(Leaderboard leaderboard) {
    return columns(leaderboard).csv();
  }

  /** A typed column for each fact. */
  static Table table(Leaderboard leaderboard) {
    return columns(leaderboard).table();
  }

  private static TypedTable<LeaderboardRow> columns(Leaderboard leaderboard) {
    return new TypedTable<>(leaderboard.rows())
        .text("model", row -> row.result().model().name())
        .text("mode", row -> row.result().model().mode())
        .whole("trained_tokens", LeaderboardCsv::trainedTokens)
        .text("benchmark", row -> row.result().task().benchmark())
        .text("task", row -> row.result().task().name())
        .whole("task_version", row -> Optional.of((long) row.result().task().version()))
        .text("metric", row -> row.headline().map(MetricResult::metric).orElse(""))
        .text("better", row -> row.headline().map(m -> lower(m.better())).orElse(""))
        .real("value", row -> row.headline().map(MetricResult::value))
        .real("low", row -> row.interval().map(Interval::low))
        .real("high", row -> row.interval().map(Interval::high))
        .real("level", row -> row.interval().map(Interval::level))
        .text(
            "interval_method",
            row -> row.headline().map(m -> lower(m.interval().method())).orElse(""))
        .flag("few_documents", row -> Optional.of(row.fewDocuments()))
        .whole("samples", row -> Optional.of((long) row.result().samples()))
        .whole("documents", row -> row.headline().map(m -> (long) m.documents()))
        .whole("unscored", row -> Optional.of((long) row.result().unscored()))
        .whole("truncated_samples", row -> Optional.of((long) row.result().truncated()))
        .whole("cut_tokens", row -> Optional.of(row.result().cutTokens()))
        .whole("tokens", row -> Optional.of(row.result().tokens()))
        .real("tokens_per_second", LeaderboardCsv::speed)
        .real("token_nats", row -> row.metric("token_nats").map(MetricResult::value))
        .real("bits_per_byte", row -> row.metric("bits_per_byte").map(MetricResult::value))
        .flag("best", row -> Optional.of(row.best()))
        .text("protocol", row -> row.result().protocol())
        .text("data_digest", row -> row.result().dataDigest())
        .text("precision", row -> row.run().result().manifest().spec().precision())
        .text("device", row -> row.run().result().manifest().spec().device())
        .text("rope", row -> row.run().result().manifest().spec().rope().orElse(""))
        .text("run", row -> row.run().folder())
        .text("commit", row -> row.run().result().manifest().commit().orElse(""))
        .whole("runs", row -> row.result().work().map(Work::runs))
        .whole("run_tokens", row -> row.result().work().map(Work::tokens))
        .whole("shared_tokens", row -> row.result().work().map(Work::sharedTokens))
        .real("chance", LeaderboardCsv::chance)
        .flag("indistinguishable_from_chance", LeaderboardCsv::guessed)
        .real("standard_error", LeaderboardCsv::standardError)
        .real("acc", row -> row.metric("acc").map(MetricResult::value))
        .real("acc_norm", row -> row.metric("acc_norm").map(MetricResult::value))
        .text("processor", row -> row.run().result().manifest().machine().processor())
        .whole("threads", row -> Optional.of((long) row.run().result().manifest().spec().threads()))
        .text("command", LeaderboardCsv::command);
  }

  /** Empty where the run's specification does not hold all of it. */
  private static String command(LeaderboardRow row) {
    return RedoCommand.of(row.run().result().manifest().spec(), row.reported()).orElse("");
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

  private static Optional<Double> standardError(LeaderboardRow row) {
    return row.standardError().stream().boxed().findFirst();
  }

  /** Absent where there is nothing to guess. */
  private static Optional<Boolean> guessed(LeaderboardRow row) {
    return row.result().chance().isPresent()
        ? Optional.of(row.result().indistinguishableFromChance())
        : Optional.empty();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
