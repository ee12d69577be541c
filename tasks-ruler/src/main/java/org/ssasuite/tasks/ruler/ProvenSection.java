package org.ssasuite.tasks.ruler;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.tasks.ruler.ProvenLength.Judged;
import org.ssasuite.tasks.ruler.ProvenLength.Outcome;
import org.ssasuite.tasks.ruler.ProvenLength.Rule;
import org.ssasuite.tasks.ruler.ProvenLength.Score;

/** Effective lengths as far as the samples prove them. */
final class ProvenSection {
  private static final double PERCENT = 100;

  private static final String RULE =
      "Proven length: the largest length whose lower bound reaches the threshold, and that of every length"
          + " up to it. Stops at: the first length that does not; fails where its upper bound is"
          + " below the threshold, cannot tell where the threshold lies between. Score, bounds (95 %,"
          + " Clopper and Pearson's) and samples of each task are of that length, or of the longest."
          + " Needed: samples of each task that would settle it if scores stayed as they are.";

  private ProvenSection() {}

  /** Absent where no length was run. */
  static Optional<Section> of(List<RulerRow> rows, List<RulerScores> all) {
    List<Row> judged = new ArrayList<>();
    for (RulerScores scores : all) {
      NavigableMap<Integer, Score> byLength = scores(rows, scores);
      Optional<Integer> trained = scores.trainedTokens().stream().boxed().findFirst();
      for (Rule rule : Rule.values()) {
        ProvenLength.of(rule, byLength, trained)
            .ifPresent(proven -> judged.add(row(scores, proven)));
      }
    }
    return judged.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                    "ruler-proven",
                    "Proven lengths",
                    "RULER's effective length as far as the samples prove it:",
                    columns(),
                    judged)
                .noting(List.of(RULE)));
  }

  /** The mean over tasks at each length, with the samples that it stands on. */
  private static NavigableMap<Integer, Score> scores(List<RulerRow> rows, RulerScores scores) {
    NavigableMap<Integer, Score> byLength = new TreeMap<>();
    int tasks = scores.tasks().size();
    scores
        .byLength()
        .forEach(
            (length, percent) -> {
              double inverse = 0;
              for (String task : scores.tasks()) {
                inverse += 1.0 / samples(rows, scores, length, task);
              }
              double share = Math.max(0, Math.min(1, percent / PERCENT));
              // The variance of a mean of means over n samples each is that over tasks² / Σ 1/n.
              byLength.put(length, new Score(share, tasks, (double) tasks * tasks / inverse));
            });
    return byLength;
  }

  private static int samples(List<RulerRow> rows, RulerScores scores, int length, String task) {
    return rows.stream()
        .filter(row -> row.contender().equals(scores.contender()))
        .filter(row -> row.length() == length && row.task().equals(task))
        .mapToInt(row -> Math.max(1, row.headline().samples()))
        .sum();
  }

  private static List<Column> columns() {
    List<Column> columns = new ArrayList<>(RulerSections.contender());
    columns.add(Column.words("version", "RULER"));
    columns.add(Column.words("rule", "Rule"));
    columns.add(RulerSections.length("proven_tokens", "Proven length"));
    columns.add(Column.words("stops_at", "Stops at"));
    columns.add(RulerSections.percent("threshold", "Threshold"));
    columns.add(RulerSections.percent("score", "Score"));
    columns.add(RulerSections.percent("lower", "Lower bound"));
    columns.add(RulerSections.percent("upper", "Upper bound"));
    columns.add(Column.figure("samples", "Samples", Unit.SAMPLES, Column.Shown.WHOLE));
    columns.add(Column.count("samples_needed", "Samples needed", Unit.SAMPLES));
    return columns;
  }

  private static Row row(RulerScores scores, ProvenLength proven) {
    Judged last = proven.last();
    List<Cell> cells = new ArrayList<>(RulerSections.contender(scores.contender()));
    cells.add(scores.contender().version().map(Cell::of).orElse(Cell.absent()));
    cells.add(Cell.of(proven.rule().text()));
    cells.add(proven.effective().map(length -> Cell.of((long) length)).orElse(Cell.absent()));
    cells.add(last.outcome() == Outcome.PASSES ? Cell.absent() : stop(last));
    cells.add(Cell.of(PERCENT * last.threshold()));
    cells.add(Cell.of(PERCENT * last.score().share()));
    cells.add(Cell.of(PERCENT * last.score().lower()));
    cells.add(Cell.of(PERCENT * last.score().upper()));
    cells.add(Cell.of(last.score().samples() / last.score().tasks()));
    cells.add(last.needed().isPresent() ? Cell.of(last.needed().getAsLong()) : Cell.absent());
    return new Row(cells, scores.sources());
  }

  private static Cell stop(Judged last) {
    return new Cell.Text(
        String.format(Locale.ROOT, "%,d: %s", last.length(), last.outcome().text()),
        Map.of("tokens", (long) last.length()),
        List.of());
  }
}
