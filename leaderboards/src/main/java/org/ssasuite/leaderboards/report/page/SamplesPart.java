package org.ssasuite.leaderboards.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.leaderboards.report.Rounding;
import org.ssasuite.leaderboards.report.ties.RowLog;

/** Samples of each row: those that failed, as many as a reader looks at, and a few others. */
final class SamplesPart {
  /** So many lines that the file stays a few MB. */
  private static final int MOST_LINES = 12_000;

  private final List<ReportedResult> results;
  private final List<Optional<RowLog>> logs;

  SamplesPart(List<ReportedResult> results, List<Optional<RowLog>> logs) {
    this.results = results;
    this.logs = logs;
  }

  /** Absent where there is no log. */
  Optional<Map<String, Object>> section() {
    long known = logs.stream().flatMap(Optional::stream).count();
    if (known == 0) {
      return Optional.empty();
    }
    int share = (int) Math.max(1, MOST_LINES / known);
    List<Map<String, Object>> folds = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      if (logs.get(i).isPresent()) {
        folds.add(fold(i, logs.get(i).get(), share));
      }
    }
    Map<String, Object> model = ReportPage.empty("samples", "Samples");
    model.put(
        "lead",
        "Of each row samples without a score and failed ones first, the worst of a loss; then some"
            + " others. All are in samples.jsonl of the run's folder.");
    model.put("folds", folds);
    return Optional.of(model);
  }

  private Map<String, Object> fold(int row, RowLog log, int share) {
    ReportedResult result = results.get(row);
    String name = result.model() + " " + result.mode() + " " + result.result().task().name();
    Map<String, Object> model =
        ReportPage.empty("samples-" + (row + 1), name + " (" + log.samples().size() + " samples)");
    String headline = result.headline().map(MetricResult::metric).orElse("score");
    PageTable table =
        new PageTable(false)
            .column("Sample", false)
            .column("Document", false)
            .column(headline + ", before its transform", true)
            .column("Answer as scored, or why there is no score", false)
            .column("Tokens", true)
            .column("Cut", true);
    List<RowLog.Line> shown = new ArrayList<>(log.failures());
    shown.addAll(log.others());
    shown.stream().limit(share).forEach(line -> table.row(cells(line)));
    table.into(model);
    model.put(
        "note",
        "Run "
            + result.run()
            + ": "
            + Math.min(share, log.failures().size())
            + " of "
            + log.failed()
            + " that failed or, of a loss, all by size, and "
            + Math.max(0, Math.min(share - log.failures().size(), log.others().size()))
            + " others.");
    return ProvenancePart.fold(model);
  }

  private static List<Map<String, Object>> cells(RowLog.Line line) {
    String value = line.value().isPresent() ? Rounding.of(line.value().getAsDouble()) : "no score";
    return List.of(
        PageTable.cell(line.sample()),
        PageTable.cell(line.document()),
        PageTable.cell(value),
        PageTable.cell(line.said().orElse("")),
        PageTable.cell(line.tokens()),
        PageTable.cell(line.cutTokens()));
  }
}
