package org.ssasuite.leaderboards.report;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.run.AttentionResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.statistics.Interval;

/** Where the attention of a leaderboard's rows went; buckets of positions are in the results. */
final class AttentionMarkdown {
  private AttentionMarkdown() {}

  /** The section; empty if nobody looked. */
  static String of(Leaderboard leaderboard) {
    MarkdownTable table = new MarkdownTable();
    for (String heading : List.of("Model", "Mode", "Task", "Statistic")) {
      table.column(heading, MarkdownTable.Side.LEFT);
    }
    for (String heading : List.of("Value", "95 % interval", "Documents")) {
      table.column(heading, MarkdownTable.Side.RIGHT);
    }
    List<List<String>> lines = new ArrayList<>();
    for (LeaderboardRow row : leaderboard.rows()) {
      row.result().attention().ifPresent(seen -> add(row.result(), seen, lines));
    }
    if (lines.isEmpty()) {
      return "";
    }
    lines.forEach(table::row);
    return "\nWhere attention goes: means over documents of means over layers, heads and queries;"
        + " by position in results.json, by layer and head in attention.csv.\n\n"
        + table.text();
  }

  private static void add(TaskResult result, AttentionResult seen, List<List<String>> lines) {
    for (AttentionResult.Row row : seen.rows()) {
      if (row.positions().isEmpty()) {
        int decimals = Rounding.decimals(row.value());
        Interval interval = row.interval();
        lines.add(
            List.of(
                MarkdownTable.escaped(result.model().name()),
                result.model().mode(),
                MarkdownTable.escaped(result.task().name()),
                MarkdownTable.escaped(row.statistic()),
                Rounding.of(row.value()),
                interval.method() == Interval.Method.NONE
                    ? "–"
                    : Rounding.of(interval.low(), decimals)
                        + " – "
                        + Rounding.of(interval.high(), decimals),
                String.valueOf(row.documents())));
      }
    }
  }
}
