package org.ssasuite.leaderboards.report.extrapolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.extrapolation.LengthCurve.Point;
import org.ssasuite.core.extrapolation.LengthMeasures;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.task.Transform;

/**
 * Paired differences: between the modes of a model in one run, and between rows of one mode, as of
 * two models, or of two runs with other rope scalings. The same tokens are paired stretch by
 * stretch; where two tokenizers make others of the same books, the books by their bytes.
 */
final class PairSection {
  private PairSection() {}

  /** A figure that is compared. */
  private record Figure(String metric, OptionalInt length, Transform transform) {}

  /** Absent where no two results belong together. */
  static Optional<Section> of(List<LengthResult> results, boolean severalRuns) {
    List<StretchFigures> figures =
        results.stream().map(r -> StretchFigures.of(r.samples())).toList();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      for (int j = i + 1; j < results.size(); j++) {
        if (belong(results.get(i), results.get(j))) {
          Pair pair = new Pair(results.get(i), figures.get(i), results.get(j), figures.get(j));
          rows.addAll(pair.rows(severalRuns));
        }
      }
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                    "extrapolation-differences",
                    "Differences of extrapolation",
                    "B − A on the same stretches, documents paired; each interval by itself, not"
                        + " adjusted for their number. A test and a verdict on the score: ssa"
                        + " compare.",
                    columns(severalRuns),
                    rows)
                .noting(ExtrapolationSections.notes(rows)));
  }

  private static boolean belong(LengthResult a, LengthResult b) {
    boolean modesOfOne =
        a.runNumber() == b.runNumber() && a.model().equals(b.model()) && !a.mode().equals(b.mode());
    return a.contest().equals(b.contest()) && (modesOfOne || a.mode().equals(b.mode()));
  }

  private static List<Column> columns(boolean severalRuns) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.words("model_a", "Model A"),
                Column.words("mode_a", "Mode A"),
                Column.words("rope_a", "Rope of A"),
                Column.words("model_b", "Model B"),
                Column.words("mode_b", "Mode B"),
                Column.words("rope_b", "Rope of B"),
                Column.words("metric", "Metric"),
                Column.figure("length", "Length", Unit.TOKENS, Shown.LARGE_COUNT),
                Column.figure("value_a", "Value of A", Unit.NONE, Shown.FOUR_DIGITS),
                Column.figure("value_b", "Value of B", Unit.NONE, Shown.FOUR_DIGITS),
                Column.ranked("difference", "B − A", "95 % interval"),
                Column.count("documents", "Documents", Unit.DOCUMENTS)));
    if (severalRuns) {
      columns.add(Column.count("run_a", "Run of A", Unit.NONE));
      columns.add(Column.count("run_b", "Run of B", Unit.NONE));
    }
    return columns;
  }

  /** Two results that belong together. */
  private record Pair(LengthResult a, StretchFigures ofA, LengthResult b, StretchFigures ofB) {
    List<Row> rows(boolean severalRuns) {
      List<Row> rows = new ArrayList<>();
      for (Figure figure : figures()) {
        ofA.paired(ofB, figure.metric(), figure.length())
            .ifPresent(paired -> rows.add(row(figure, paired, severalRuns)));
      }
      return rows;
    }

    private List<Figure> figures() {
      boolean tokens = ofA.sameTokens(ofB);
      Transform transform = tokens ? Transform.IDENTITY : Transform.BITS;
      String score = tokens ? LengthMeasures.SCORE : LengthMeasures.SCORE_PER_BYTE;
      String delta = tokens ? LengthMeasures.DELTA_NATS : LengthMeasures.DELTA_BITS_PER_BYTE;
      String loss = tokens ? LossMetrics.TOKEN_NATS : LossMetrics.BITS_PER_BYTE;
      List<Figure> figures = new ArrayList<>();
      figures.add(new Figure(score, OptionalInt.empty(), transform));
      figures.add(new Figure(loss, OptionalInt.of(a.curve().trained()), transform));
      for (Point point : a.curve().beyond()) {
        OptionalInt length = OptionalInt.of(point.length());
        figures.add(new Figure(loss, length, transform));
        figures.add(new Figure(delta, length, transform));
        if (tokens) {
          figures.add(new Figure(LengthMeasures.CONTEXT_GAIN, length, transform));
        }
      }
      return figures;
    }

    private Row row(Figure figure, PairedDocuments paired, boolean severalRuns) {
      List<Cell> cells = ExtrapolationSections.contender(a);
      cells.addAll(ExtrapolationSections.contender(b));
      cells.add(Cell.of(figure.metric()));
      cells.add(Cell.of(figure.length()));
      cells.add(Cell.of(figure.transform().apply(paired.ratioA())));
      cells.add(Cell.of(figure.transform().apply(paired.ratioB())));
      cells.add(
          ExtrapolationSections.figure(
              figure.transform().apply(paired.difference()),
              StretchFigures.transformed(
                  paired.interval(
                      ExtrapolationSections.LEVEL, ExtrapolationSections.BOOTSTRAP_SEED),
                  figure.transform())));
      cells.add(Cell.of((long) paired.documents()));
      if (severalRuns) {
        cells.add(Cell.of((long) a.runNumber()));
        cells.add(Cell.of((long) b.runNumber()));
      }
      return new Row(cells, List.of(a.source(), b.source()));
    }
  }
}
