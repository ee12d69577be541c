package org.ssasuite.leaderboards.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.leaderboards.report.Rounding;
import org.ssasuite.leaderboards.report.samples.RowLog;
import org.ssasuite.leaderboards.report.samples.SampleFacts;

/** Samples of each row: those that failed, as many as a reader looks at, and a few others. */
final class SamplesPart {
  /** So many lines, and characters of what is said of them, that the file stays a few MB. */
  private static final int MOST_LINES = 12_000;

  private static final int MOST_CHARACTERS = 2_000_000;

  private final List<ReportedResult> results;
  private final List<Optional<RowLog>> logs;
  private final int share;

  /** Of a line's facts. */
  private final int characters;

  SamplesPart(List<ReportedResult> results, List<Optional<RowLog>> logs) {
    this.results = results;
    this.logs = logs;
    int known = (int) Math.max(1, logs.stream().flatMap(Optional::stream).count());
    this.share = Math.max(1, MOST_LINES / known);
    long lines = logs.stream().flatMap(Optional::stream).flatMap(this::shown).count();
    this.characters = (int) (MOST_CHARACTERS / Math.max(1, lines));
  }

  /** Absent where there is no log. */
  Optional<Map<String, Object>> section() {
    List<Map<String, Object>> folds = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      if (logs.get(i).isPresent()) {
        folds.add(fold(i, logs.get(i).get()));
      }
    }
    if (folds.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> model = ReportPage.empty("samples", "Samples");
    model.put(
        "lead",
        "Of each row samples without a score and failed ones first, the worst of a loss; then some"
            + " others. All are in samples.jsonl of the run's folder; prompts, choices and answers as"
            + " written where the run had --log-prompts or --log-items.");
    model.put("folds", folds);
    return Optional.of(model);
  }

  private Stream<RowLog.Line> shown(RowLog log) {
    return Stream.concat(log.failures().stream(), log.others().stream()).limit(share);
  }

  private Map<String, Object> fold(int row, RowLog log) {
    ReportedResult result = results.get(row);
    String headline = result.headline().map(MetricResult::metric).orElse("score");
    boolean told = shown(log).anyMatch(line -> line.failure().isPresent());
    boolean known = shown(log).anyMatch(line -> !line.facts().isEmpty());
    FoldedTable table =
        new FoldedTable()
            .column("Sample")
            .column("Document")
            .numbers(headline + ", before its transform")
            .column("Answer as scored, or why there is no score");
    if (told) {
      table.column("Why it failed");
    }
    if (known) {
      table.column("Prompt, answer, needle");
    }
    table.numbers("Tokens read").numbers("Tokens cut");
    shown(log).forEach(line -> put(table, line, told, known));
    return table.fold(
        "samples-" + (row + 1),
        result.model()
            + " "
            + result.mode()
            + " "
            + result.result().task().name()
            + " ("
            + log.samples().size()
            + " samples)",
        note(result, log));
  }

  private String note(ReportedResult result, RowLog log) {
    return "Run "
        + result.run()
        + ": "
        + Math.min(share, log.failures().size())
        + " of "
        + log.failed()
        + " that failed or, of a loss, all by size, and "
        + Math.max(0, Math.min(share - log.failures().size(), log.others().size()))
        + " others.";
  }

  private void put(FoldedTable table, RowLog.Line line, boolean told, boolean known) {
    String value = line.value().isPresent() ? Rounding.of(line.value().getAsDouble()) : "no score";
    table
        .row()
        .cell(line.sample())
        .cell(line.document())
        .cell(value)
        .cell(SampleFacts.beginning(line.said().orElse(""), Math.max(80, characters / 3)));
    if (told) {
      table.cell(line.failure().orElse(""));
    }
    if (known) {
      table.cell(SampleFacts.within(line.facts(), characters));
    }
    table.cell(line.tokens()).cell(line.cutTokens());
  }
}
