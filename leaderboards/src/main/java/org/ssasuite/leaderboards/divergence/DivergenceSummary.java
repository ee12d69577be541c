package org.ssasuite.leaderboards.divergence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.ssasuite.core.statistics.Ratios;
import org.ssasuite.leaderboards.report.MarkdownTable;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;

/**
 * What the positions of a stretch say together.
 *
 * @param from its first position
 * @param to the one behind its last
 * @param fromBelow whether KL is what it is at least
 * @param kl the mean of KL(A ‖ B), nats
 * @param klReverse the mean of KL(B ‖ A), nats
 * @param percentiles of KL(A ‖ B): the {@link #PERCENTILES}, as numpy interpolates, and the largest
 * @param sameTop the share of positions where both find the same id most probable
 * @param topTen the mean share of A's mass on the ten best ids of B; absent where some position's
 *     is not known
 * @param lossDifference how much larger B's loss is, nats per token; absent where some position's
 *     is not known
 * @param layers of each layer that was compared the mean of ‖x_A − x_B‖ / ‖x_A‖
 */
record DivergenceSummary(
    int from,
    int to,
    boolean fromBelow,
    double kl,
    double klReverse,
    List<Double> percentiles,
    double sameTop,
    OptionalDouble topTen,
    OptionalDouble lossDifference,
    List<Double> layers) {
  private static final List<Double> PERCENTILES = List.of(0.5, 0.9, 0.99, 0.999);
  private static final int FIRST_BUCKET = 1_024;

  DivergenceSummary {
    percentiles = List.copyOf(percentiles);
    layers = List.copyOf(layers);
  }

  /** All positions first, then, if there are several, the buckets [0, 1,024), [1,024, 2,048), … */
  static List<DivergenceSummary> of(DivergenceRows rows) {
    List<DivergenceSummary> summaries = new ArrayList<>();
    summaries.add(of(rows, 0, rows.size()));
    if (rows.size() > FIRST_BUCKET) {
      int from = 0;
      for (int to = FIRST_BUCKET; from < rows.size(); to *= 2) {
        summaries.add(of(rows, from, Math.min(to, rows.size())));
        from = to;
      }
    }
    return summaries;
  }

  private static DivergenceSummary of(DivergenceRows rows, int from, int to) {
    double[] sorted = IntStream.range(from, to).mapToDouble(rows::kl).sorted().toArray();
    List<Double> percentiles = new ArrayList<>();
    PERCENTILES.forEach(p -> percentiles.add(Ratios.quantile(sorted, p)));
    percentiles.add(sorted[sorted.length - 1]);
    return new DivergenceSummary(
        from,
        to,
        rows.fromBelow(),
        Arrays.stream(sorted).average().orElseThrow(),
        IntStream.range(from, to).mapToDouble(rows::klReverse).average().orElseThrow(),
        percentiles,
        IntStream.range(from, to).mapToDouble(i -> rows.sameTop(i) ? 1 : 0).average().orElseThrow(),
        rows.knowsTopTen(from, to)
            ? IntStream.range(from, to).mapToDouble(rows::topTen).average()
            : OptionalDouble.empty(),
        rows.knowsLoss(from, to)
            ? IntStream.range(from, to).mapToDouble(rows::lossDifference).average()
            : OptionalDouble.empty(),
        IntStream.range(0, rows.layers())
            .mapToObj(layer -> meanApart(rows, layer, from, to))
            .toList());
  }

  private static double meanApart(DivergenceRows rows, int layer, int from, int to) {
    return IntStream.range(from, to)
        .mapToDouble(position -> rows.apart(layer, position))
        .average()
        .orElseThrow();
  }

  /** A row for each layer, a column for each stretch. */
  static String layerTable(List<DivergenceSummary> summaries) {
    MarkdownTable table = new MarkdownTable().column("|x_A - x_B| / |x_A| behind layer", Side.LEFT);
    summaries.forEach(summary -> table.column(summary.positions(), Side.RIGHT));
    for (int layer = 0; layer < summaries.get(0).layers().size(); layer++) {
      List<String> cells = new ArrayList<>(List.of(Integer.toString(layer)));
      for (DivergenceSummary summary : summaries) {
        cells.add(small(summary.layers().get(layer)));
      }
      table.row(cells);
    }
    return table.text();
  }

  private String positions() {
    return from + " – " + (to - 1);
  }

  /** A row for each stretch. */
  static String table(List<DivergenceSummary> summaries) {
    MarkdownTable table = new MarkdownTable().column("positions", Side.LEFT);
    for (String heading :
        List.of(
            summaries.get(0).fromBelow() ? "KL(A, B) at least, nats" : "KL(A, B), nats",
            "50 %",
            "90 %",
            "99 %",
            "99.9 %",
            "largest",
            summaries.get(0).fromBelow() ? "KL(B, A) at least, nats" : "KL(B, A), nats",
            "same top, %",
            "A on B's ten best, %",
            "loss B - A, nats")) {
      table.column(heading, Side.RIGHT);
    }
    summaries.forEach(summary -> table.row(summary.cells()));
    return table.text();
  }

  private List<String> cells() {
    List<String> cells = new ArrayList<>(List.of(positions(), small(kl)));
    percentiles.forEach(percentile -> cells.add(small(percentile)));
    cells.add(small(klReverse));
    cells.add(String.format(Locale.ROOT, "%.2f", 100 * sameTop));
    cells.add(shown("%.2f", 100, topTen));
    cells.add(shown("%+.5f", 1, lossDifference));
    return cells;
  }

  private static String shown(String form, double scale, OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, form, scale * value.getAsDouble()) : "–";
  }

  /** Four digits that count. */
  private static String small(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.4g", value);
  }
}
