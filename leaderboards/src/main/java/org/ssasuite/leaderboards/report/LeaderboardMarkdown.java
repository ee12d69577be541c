package org.ssasuite.leaderboards.report;

import org.ssasuite.core.report.Section;
import org.ssasuite.core.run.RunManifest;

/** A report for people: rounded, aligned, with what its numbers mean below it. */
final class LeaderboardMarkdown {
  private static final int DIGEST_DIGITS = 12;

  private final Report report;

  private LeaderboardMarkdown(Report report) {
    this.report = report;
  }

  /** The whole file. */
  static String of(Report report) {
    LeaderboardMarkdown markdown = new LeaderboardMarkdown(report);
    return "# Leaderboard\n\n" + markdown.body() + markdown.runs();
  }

  /** The tables and their notes, for a terminal. */
  static String body(Report report) {
    return new LeaderboardMarkdown(report).body();
  }

  private String body() {
    StringBuilder text = new StringBuilder();
    for (Section section : report.sections()) {
      text.append(SectionMarkdown.of(section));
    }
    return text.append(protocols()).toString();
  }

  /** What the leaderboard's column Protocol refers to. */
  private String protocols() {
    StringBuilder text = new StringBuilder("\nProtocols:\n");
    int number = 1;
    for (Leaderboard.Protocol protocol : report.leaderboard().protocols()) {
      String digest = protocol.dataDigest();
      text.append(number++)
          .append(". ")
          .append(protocol.task())
          .append(" v")
          .append(protocol.version())
          .append(": ")
          .append(MarkdownTable.escaped(protocol.text()))
          .append(" (data ")
          .append(digest, 0, Math.min(DIGEST_DIGITS, digest.length()))
          .append(")\n");
    }
    return text.toString();
  }

  private String runs() {
    StringBuilder text = new StringBuilder("\nRuns:\n");
    for (int i = 0; i < report.leaderboard().runs().size(); i++) {
      FinishedRun run = report.leaderboard().runs().get(i);
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
