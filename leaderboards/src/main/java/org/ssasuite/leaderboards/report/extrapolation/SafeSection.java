package org.ssasuite.leaderboards.report.extrapolation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ssasuite.core.extrapolation.LengthCurve;
import org.ssasuite.core.extrapolation.LengthMeasures;
import org.ssasuite.core.extrapolation.SafeLength;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;

/** How far each result extrapolates: the score, and the length up to which it loses nothing. */
final class SafeSection {
  private static final String RULE =
      "Score: mean over log2 of the lengths beyond the trained one of the loss over that at the"
          + " trained length, nats per token. Within: the largest tested length such that at every"
          + " one beyond the trained length and up to it the upper end of that difference's interval"
          + " is within the margin; stops at: the first that is not, worse where the whole interval"
          + " is above the margin, cannot tell where it holds it. Safe: the same, if the loss there"
          + " is shown to be below that at the short context (Gain, nats per token, the lower end of"
          + " its interval above 0): no gain, no credit.";

  private SafeSection() {}

  static Section of(List<LengthResult> results, boolean severalRuns) {
    List<Row> rows = results.stream().map(result -> row(result, severalRuns)).toList();
    return Section.table(
            "extrapolation",
            "Extrapolation",
            "The same tokens of the same books behind longer contexts than in training:",
            columns(severalRuns),
            rows)
        .noting(ExtrapolationSections.notes(rows, RULE));
  }

  private static List<Column> columns(boolean severalRuns) {
    return ExtrapolationSections.columns(
        severalRuns,
        tokens("trained_tokens", "Trained"),
        tokens("longest_tokens", "Longest"),
        Column.ranked("score", "Score", "95 % interval"),
        Column.figure("score_per_byte", "Bits/byte", Unit.BITS_PER_BYTE, Shown.FOUR_DIGITS),
        Column.figure("margin", "Margin", Unit.NATS_PER_TOKEN, Shown.FOUR_DIGITS),
        tokens("within_tokens", "Within"),
        Column.words("stops_at", "Stops at"),
        Column.figure("gain", "Gain from context", Unit.NATS_PER_TOKEN, Shown.FOUR_DIGITS),
        tokens("safe_tokens", "Safe"),
        Column.words("credit", "Credit"),
        Column.count("documents", "Documents", Unit.DOCUMENTS),
        Column.count("samples", "Stretches", Unit.SAMPLES));
  }

  private static Column tokens(String key, String heading) {
    return Column.figure(key, heading, Unit.TOKENS, Shown.LARGE_COUNT);
  }

  private static Row row(LengthResult result, boolean severalRuns) {
    LengthCurve curve = result.curve();
    SafeLength safe = SafeLength.of(curve, result.margin());
    List<Cell> cells = ExtrapolationSections.contender(result);
    cells.add(Cell.of((long) curve.trained()));
    cells.add(Cell.of((long) curve.longest()));
    cells.add(ExtrapolationSections.figure(curve.score()));
    cells.add(
        ExtrapolationSections.figure(result.reported().metric(LengthMeasures.SCORE_PER_BYTE)));
    cells.add(Cell.of(result.margin()));
    cells.add(Cell.of((long) safe.within()));
    cells.add(safe.stop().map(SafeSection::stop).orElse(Cell.absent()));
    cells.add(ExtrapolationSections.figure(safe.gain()));
    cells.add(safe.credited() ? Cell.of((long) safe.within()) : Cell.absent());
    cells.add(Cell.of(credit(safe)));
    cells.add(Cell.of((long) curve.score().documents()));
    cells.add(Cell.of((long) curve.score().samples()));
    if (severalRuns) {
      cells.add(Cell.of((long) result.runNumber()));
    }
    return new Row(cells, List.of(result.source()));
  }

  private static Cell stop(SafeLength.Stop stop) {
    String text =
        String.format(
            Locale.ROOT, "%,d: %s", stop.length(), stop.worse() ? "worse" : "cannot tell");
    return new Cell.Text(text, Map.of("tokens", (long) stop.length()), List.of());
  }

  private static String credit(SafeLength safe) {
    return safe.credited() ? "yes" : "none: no gain shown";
  }
}
