package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;

/** The leaderboard for people: rounded, aligned, with what its numbers mean below it. */
final class LeaderboardMarkdown {
  private static final int DIGEST_DIGITS = 12;
  private static final double PERCENT = 100;

  private final Leaderboard leaderboard;
  private final List<String> protocols;

  private LeaderboardMarkdown(Leaderboard leaderboard) {
    this.leaderboard = leaderboard;
    protocols = leaderboard.rows().stream().map(row -> protocol(row.result())).distinct().toList();
  }

  /** The whole file. */
  static String of(Leaderboard leaderboard) {
    LeaderboardMarkdown markdown = new LeaderboardMarkdown(leaderboard);
    return "# Leaderboard\n\n" + markdown.body() + markdown.runs();
  }

  /** The table and its notes, for a terminal. */
  static String body(Leaderboard leaderboard) {
    return new LeaderboardMarkdown(leaderboard).body();
  }

  private String body() {
    return table()
        + notes()
        + RulerMarkdown.of(leaderboard)
        + LongBenchSummary.of(leaderboard)
        + AttentionMarkdown.of(leaderboard)
        + protocols();
  }

  private String table() {
    boolean tokenNats = has("token_nats");
    boolean bitsPerByte = has("bits_per_byte");
    boolean chance = rows(result -> result.chance().isPresent());
    boolean unscored = rows(result -> !result.complete());
    boolean several = leaderboard.runs().size() > 1;
    MarkdownTable table = new MarkdownTable();
    table.column("Model", Side.LEFT).column("Mode", Side.LEFT).column("Task", Side.LEFT);
    table.column("Protocol", Side.RIGHT).column("Metric", Side.LEFT).column("Value", Side.RIGHT);
    table.column(levels() + " interval", Side.RIGHT);
    optional(chance, table, "Chance");
    optional(tokenNats, table, "Nats/token");
    optional(bitsPerByte, table, "Bits/byte");
    table.column("Samples", Side.RIGHT).column("Documents", Side.RIGHT);
    optional(unscored, table, "Unscored");
    table.column("Truncated (tokens)", Side.RIGHT).column("Tokens/s", Side.RIGHT);
    optional(several, table, "Run");
    for (LeaderboardRow row : leaderboard.rows()) {
      TaskResult result = row.result();
      List<String> cells = new ArrayList<>();
      cells.add(MarkdownTable.escaped(result.model().name()));
      cells.add(result.model().mode());
      cells.add(task(result));
      cells.add(String.valueOf(protocols.indexOf(protocol(result)) + 1));
      cells.add(row.headline().map(LeaderboardMarkdown::metric).orElse("–"));
      cells.add(value(row));
      cells.add(interval(row));
      if (chance) {
        cells.add(chance(row));
      }
      if (tokenNats) {
        cells.add(further(row, "token_nats"));
      }
      if (bitsPerByte) {
        cells.add(further(row, "bits_per_byte"));
      }
      cells.add(String.valueOf(result.samples()));
      cells.add(row.headline().map(m -> String.valueOf(m.documents())).orElse("–"));
      if (unscored) {
        cells.add(result.complete() ? "0" : result.unscored() + " ‡");
      }
      cells.add(truncated(result));
      cells.add(result.seconds() > 0 ? Rounding.of(result.tokensPerSecond(), 0) : "–");
      if (several) {
        cells.add(String.valueOf(leaderboard.runs().indexOf(row.run()) + 1));
      }
      table.row(cells);
    }
    return table.text();
  }

  private static void optional(boolean there, MarkdownTable table, String heading) {
    if (there) {
      table.column(heading, Side.RIGHT);
    }
  }

  private boolean rows(Predicate<TaskResult> fact) {
    return leaderboard.rows().stream().map(LeaderboardRow::result).anyMatch(fact);
  }

  private boolean has(String metric) {
    return leaderboard.rows().stream().anyMatch(row -> row.metric(metric).isPresent());
  }

  /** As {@code 95 %}; of several levels the first one's, the others are in the CSV. */
  private String levels() {
    Optional<Interval> first =
        leaderboard.rows().stream().flatMap(row -> row.interval().stream()).findFirst();
    return first.map(interval -> Rounding.of(interval.level() * PERCENT, 0) + " %").orElse("95 %");
  }

  private static String task(TaskResult result) {
    return result.task().name() + " v" + result.task().version();
  }

  private static String metric(MetricResult metric) {
    String arrow = metric.better() == MetricRule.Better.LOWER ? " ↓" : " ↑";
    return MarkdownTable.escaped(metric.metric()) + arrow;
  }

  private static String value(LeaderboardRow row) {
    return row.headline()
        .map(metric -> Rounding.of(metric.value()))
        .map(value -> row.best() ? "**" + value + "**" : value)
        .orElse("–");
  }

  private static String interval(LeaderboardRow row) {
    if (row.interval().isEmpty()) {
      return "–";
    }
    int decimals = Rounding.decimals(row.headline().orElseThrow().value());
    Interval interval = row.interval().get();
    return Rounding.of(interval.low(), decimals)
        + " – "
        + Rounding.of(interval.high(), decimals)
        + (row.fewDocuments() ? " †" : "")
        + (row.result().indistinguishableFromChance() ? " §" : "");
  }

  /** In the value's unit and with its decimals. */
  private static String chance(LeaderboardRow row) {
    OptionalDouble chance = row.result().chance();
    return chance.isPresent() && row.headline().isPresent()
        ? Rounding.of(chance.getAsDouble(), Rounding.decimals(row.headline().get().value()))
        : "–";
  }

  private static String further(LeaderboardRow row, String metric) {
    return row.metric(metric).map(m -> Rounding.of(m.value())).orElse("–");
  }

  private static String truncated(TaskResult result) {
    return result.truncated() == 0 ? "0" : result.truncated() + " (" + result.cutTokens() + ")";
  }

  private String notes() {
    StringBuilder notes = new StringBuilder("\n");
    if (leaderboard.rows().stream().anyMatch(LeaderboardRow::best)) {
      notes.append(
          "**Bold**: best value of the rows with the same task, protocol, data and samples. No other"
              + " rows are comparable; intervals say how sure it is.\n");
    }
    if (leaderboard.rows().stream().anyMatch(LeaderboardRow::fewDocuments)) {
      notes.append(
          "†: fewer than 20 documents; a Student t interval, or none for a single document.\n");
    }
    if (rows(TaskResult::indistinguishableFromChance)) {
      notes.append("§: the interval holds the chance level; guessing explains the value.\n");
    }
    if (rows(result -> !result.complete())) {
      notes.append("‡: samples without a score; the row is incomplete and cannot be best.\n");
    }
    return notes.length() == 1 ? "" : notes.toString();
  }

  private String protocols() {
    StringBuilder text = new StringBuilder("\nProtocols:\n");
    for (int i = 0; i < protocols.size(); i++) {
      text.append(i + 1).append(". ").append(protocols.get(i)).append('\n');
    }
    return text.toString();
  }

  /** What the table's column Protocol refers to. */
  private static String protocol(TaskResult result) {
    return task(result)
        + ": "
        + MarkdownTable.escaped(result.protocol())
        + " (data "
        + digest(result.dataDigest())
        + ")";
  }

  private static String digest(String digest) {
    return digest.substring(0, Math.min(DIGEST_DIGITS, digest.length()));
  }

  private String runs() {
    StringBuilder text = new StringBuilder("\nRuns:\n");
    for (int i = 0; i < leaderboard.runs().size(); i++) {
      FinishedRun run = leaderboard.runs().get(i);
      RunManifest manifest = run.result().manifest();
      text.append(i + 1)
          .append(". ")
          .append(MarkdownTable.escaped(run.folder()))
          .append(": version ")
          .append(MarkdownTable.escaped(manifest.version()))
          .append(", commit ")
          .append(MarkdownTable.escaped(manifest.commit().orElse("unknown")))
          .append(", ")
          .append(manifest.spec().device())
          .append(" ")
          .append(manifest.spec().precision())
          .append(manifest.spec().rope().map(rope -> ", rope " + rope).orElse(""))
          .append(", ")
          .append(MarkdownTable.escaped(manifest.machine().processor()))
          .append(" (")
          .append(manifest.spec().threads())
          .append(" threads)\n");
    }
    return text.toString();
  }
}
