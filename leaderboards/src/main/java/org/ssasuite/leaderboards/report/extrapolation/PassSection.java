package org.ssasuite.leaderboards.report.extrapolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.metrics.PositionFacets;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;

/** The loss by where in one long pass a token stands: other tokens at each length. */
final class PassSection {
  private PassSection() {}

  /** Absent where no pass has positions. */
  static Optional<Section> of(List<PassResult> passes, boolean severalRuns) {
    List<Row> rows = passes.stream().flatMap(pass -> rows(pass, severalRuns).stream()).toList();
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                    "extrapolation-pass",
                    "Loss by position of one long pass",
                    "The beginnings of the same books in one pass, by position. Each range has other"
                        + " tokens, which may be easier or harder: what a longer context does is in"
                        + " the table of lengths.",
                    ExtrapolationSections.columns(
                        severalRuns,
                        Column.figure("from", "From", Unit.TOKENS, Shown.LARGE_COUNT),
                        Column.figure("to", "To", Unit.TOKENS, Shown.LARGE_COUNT),
                        Column.ranked("token_nats", "Nats/token", "95 % interval"),
                        Column.count("documents", "Documents", Unit.DOCUMENTS)),
                    rows)
                .noting(ExtrapolationSections.notes(rows)));
  }

  private static List<Row> rows(PassResult pass, boolean severalRuns) {
    List<Row> rows = new ArrayList<>();
    int from = 0;
    for (int to : PositionFacets.ends()) {
      int begin = from;
      pass.reported()
          .metric(LossMetrics.TOKEN_NATS, PositionFacets.position(to))
          .ifPresent(
              loss -> {
                List<Cell> cells =
                    new ArrayList<>(
                        List.of(
                            Cell.of(pass.reported().model()),
                            Cell.of(pass.reported().mode()),
                            Cell.of(LengthResult.rope(pass.reported())),
                            Cell.of((long) begin),
                            Cell.of((long) to),
                            ExtrapolationSections.figure(loss),
                            Cell.of((long) loss.documents())));
                if (severalRuns) {
                  cells.add(Cell.of((long) pass.runNumber()));
                }
                rows.add(new Row(cells, List.of(pass.reported().source())));
              });
      from = to;
    }
    return rows;
  }
}
