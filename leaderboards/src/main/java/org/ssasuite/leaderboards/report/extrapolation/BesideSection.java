package org.ssasuite.leaderboards.report.extrapolation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.extrapolation.LengthCurve.Point;
import org.ssasuite.core.extrapolation.LengthMeasures;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Column.Shown;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Unit;
import org.ssasuite.core.statistics.RankCorrelation;
import org.ssasuite.core.statistics.RatioEstimate;
import org.ssasuite.core.statistics.Ratios;

/**
 * Where the rated tokens' attention went at each length, and whether the documents in which that
 * changed most are those that lost most.
 */
final class BesideSection {
  private static final String READING =
      "Change: over the statistic at the trained length, a document at a time. Rank correlation:"
          + " Spearman's, over documents, of that change with the change of the loss; it shows no"
          + " cause. A length has a row where its queries have a bucket of positions ([1,024, 2,048),"
          + " [2,048, 4,096), …) of their own.";

  private BesideSection() {}

  /** Absent where nobody looked. */
  static Optional<Section> of(List<LengthResult> results, boolean severalRuns) {
    List<Row> rows = results.stream().flatMap(r -> rows(r, severalRuns).stream()).toList();
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Section.table(
                    "extrapolation-attention",
                    "Attention by length",
                    "Where the attention of the rated tokens goes at each length:",
                    ExtrapolationSections.columns(
                        severalRuns,
                        Column.words("statistic", "Statistic"),
                        Column.figure("length", "Length", Unit.TOKENS, Shown.LARGE_COUNT),
                        Column.figure("value", "Value", Unit.NONE, Shown.FOUR_DIGITS),
                        Column.figure("change", "Change", Unit.NONE, Shown.FOUR_DIGITS),
                        Column.ranked(
                            "rank_correlation",
                            "Rank correlation with the loss's",
                            "95 % interval"),
                        Column.count("documents", "Documents", Unit.DOCUMENTS)),
                    rows)
                .noting(ExtrapolationSections.notes(rows, READING)));
  }

  private static List<Row> rows(LengthResult result, boolean severalRuns) {
    if (result.watched().isEmpty()) {
      return List.of();
    }
    StretchFigures losses = StretchFigures.of(result.samples());
    BucketMeans means = BucketMeans.of(result.watched().get(), lengths(result));
    List<Row> rows = new ArrayList<>();
    for (String statistic : means.statistics()) {
      for (int length : means.lengths(statistic)) {
        Beside beside =
            new Beside(
                means.byDocument(statistic, length),
                means.byDocument(statistic, result.curve().trained()),
                losses.byDocument(LengthMeasures.DELTA_NATS, length));
        List<Cell> cells = ExtrapolationSections.contender(result);
        cells.add(Cell.of(statistic));
        cells.add(Cell.of((long) length));
        cells.addAll(beside.cells(length == result.curve().trained()));
        if (severalRuns) {
          cells.add(Cell.of((long) result.runNumber()));
        }
        rows.add(new Row(cells, List.of(result.source())));
      }
    }
    return rows;
  }

  private static List<Integer> lengths(LengthResult result) {
    return result.curve().points().stream().map(Point::length).toList();
  }

  /**
   * One statistic at one length, by document.
   *
   * @param reference the same at the trained length
   * @param losses changes of the loss
   */
  private record Beside(
      Map<String, Double> values, Map<String, Double> reference, Map<String, Double> losses) {
    List<Cell> cells(boolean trained) {
      double[] all = values.values().stream().mapToDouble(v -> v).toArray();
      Map<String, Double> changes = new TreeMap<>();
      if (!trained) {
        values.forEach(
            (document, value) -> {
              if (reference.containsKey(document)) {
                changes.put(document, value - reference.get(document));
              }
            });
      }
      return List.of(
          Cell.of(mean(all, List.copyOf(values.keySet())).ratio()),
          changes.isEmpty() ? Cell.absent() : change(changes),
          correlation(changes),
          Cell.of((long) all.length));
    }

    private static Cell change(Map<String, Double> changes) {
      RatioEstimate estimate =
          mean(
              changes.values().stream().mapToDouble(v -> v).toArray(),
              List.copyOf(changes.keySet()));
      return ExtrapolationSections.figure(estimate.ratio(), estimate.interval());
    }

    private static RatioEstimate mean(double[] values, List<String> documents) {
      double[] ones = new double[values.length];
      Arrays.fill(ones, 1);
      return Ratios.estimate(
          values,
          ones,
          documents,
          ExtrapolationSections.LEVEL,
          ExtrapolationSections.BOOTSTRAP_SEED);
    }

    private Cell correlation(Map<String, Double> changes) {
      List<String> both = changes.keySet().stream().filter(losses::containsKey).toList();
      return RankCorrelation.of(
              both.stream().mapToDouble(changes::get).toArray(),
              both.stream().mapToDouble(losses::get).toArray(),
              ExtrapolationSections.LEVEL,
              ExtrapolationSections.BOOTSTRAP_SEED)
          .map(found -> ExtrapolationSections.figure(found.rho(), found.interval()))
          .orElse(Cell.absent());
    }
  }
}
