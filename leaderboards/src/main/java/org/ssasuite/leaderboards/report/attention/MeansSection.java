package org.ssasuite.leaderboards.report.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.run.AttentionResult;
import org.ssasuite.core.run.TaskResult;

/**
 * Where the attention of a report's results went: a row for each statistic over all positions,
 * curves by position. A sink rate says with which ε, key, T and n it was made.
 */
final class MeansSection {
  private static final Pattern SINK_RATE =
      Pattern.compile("(?:[a-z]+_)?sink_rate_(0\\.[0-9]+)(_worst)?");
  private static final String SINKS =
      "Sink rates: the share of (layer, head) whose mass on a key, a mean over the document's"
          + " queries, is above ε; the key is the first one, or of the first 64 the one with the"
          + " largest share. Gu et al. (arXiv 2410.10781)"
          + " take ε 0.3, key 0, T 64, 100 texts.";

  private MeansSection() {}

  static Section of(List<WatchedResult> results, boolean severalRuns) {
    List<Row> rows = results.stream().flatMap(result -> rows(result, severalRuns)).toList();
    List<String> notes = new ArrayList<>(AttentionSections.notes(rows));
    boolean sinks =
        results.stream()
            .flatMap(result -> result.attention().rows().stream())
            .anyMatch(row -> SINK_RATE.matcher(row.statistic()).matches());
    if (sinks) {
      notes.add(SINKS);
    }
    return Section.table(
            "attention-means",
            "Where attention goes",
            "Where attention goes: means over documents of means over layers, heads and queries;"
                + " by position in results.json, by layer and head in attention.csv.",
            columns(severalRuns),
            rows)
        .noting(notes)
        .drawn(PositionCurves.of(results, severalRuns), List.of());
  }

  private static List<Column> columns(boolean severalRuns) {
    return AttentionSections.columns(
        severalRuns,
        Column.ranked("value", "Value", "95 % interval"),
        Column.count("documents", "Documents", Unit.DOCUMENTS),
        Column.count("samples", "Samples", Unit.SAMPLES),
        Column.figure("epsilon", "Threshold ε", Unit.NONE, Shown.TENTHS),
        Column.words("key", "Sink at key"),
        Column.figure("tokens", "Tokens per sample", Unit.TOKENS, Shown.WHOLE));
  }

  private static Stream<Row> rows(WatchedResult result, boolean severalRuns) {
    return result.attention().rows().stream()
        .filter(row -> row.positions().isEmpty())
        .map(row -> row(result, row, severalRuns));
  }

  private static Row row(WatchedResult result, AttentionResult.Row row, boolean severalRuns) {
    List<Cell> cells =
        new ArrayList<>(
            List.of(
                Cell.of(result.model()),
                Cell.of(result.mode()),
                Cell.of(result.task()),
                Cell.of(row.statistic()),
                new Cell.Real(
                    row.value(),
                    WatchedResult.shown(row.interval()),
                    WatchedResult.marks(row.interval())),
                Cell.of((long) row.documents()),
                Cell.of((long) row.samples())));
    Matcher rate = SINK_RATE.matcher(row.statistic());
    if (rate.matches()) {
      cells.add(Cell.of(Double.parseDouble(rate.group(1))));
      cells.add(Cell.of(rate.group(2) == null ? "0" : "worst"));
      cells.add(Cell.of(tokensPerSample(result.reported().result())));
    } else {
      cells.addAll(List.of(Cell.absent(), Cell.absent(), Cell.absent()));
    }
    if (severalRuns) {
      cells.add(Cell.of((long) result.runNumber()));
    }
    return new Row(cells, List.of(result.source()));
  }

  private static double tokensPerSample(TaskResult result) {
    return (double) result.tokens() / (result.samples() + result.unscored());
  }
}
