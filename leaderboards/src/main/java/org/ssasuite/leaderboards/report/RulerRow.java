package org.ssasuite.leaderboards.report;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.task.Facet;

/**
 * A row of one of RULER's tasks at one length.
 *
 * @param run folder of the run
 * @param version as its protocol names it
 * @param score the headline, in percent
 */
record RulerRow(
    String run,
    String model,
    String mode,
    OptionalInt trainedTokens,
    String task,
    String version,
    int length,
    double score,
    List<MetricResult> metrics) {
  private static final String BENCHMARK = "ruler";
  private static final String LENGTH = "length";

  RulerRow {
    Objects.requireNonNull(trainedTokens);
    metrics = List.copyOf(metrics);
  }

  /** Rows with a score, in the leaderboard's order. */
  static List<RulerRow> of(Leaderboard leaderboard) {
    return leaderboard.rows().stream().flatMap(row -> of(row).stream()).toList();
  }

  private static Optional<RulerRow> of(LeaderboardRow row) {
    TaskResult result = row.result();
    Optional<MetricResult> headline = row.headline();
    Optional<String> length =
        result.metrics().stream()
            .flatMap(metric -> metric.facet().stream())
            .filter(facet -> facet.name().equals(LENGTH))
            .map(Facet::value)
            .findFirst();
    if (!result.task().benchmark().equals(BENCHMARK) || headline.isEmpty() || length.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RulerRow(
            row.run().folder(),
            result.model().name(),
            result.model().mode(),
            result.model().trainedTokens(),
            result.task().base(),
            result.protocol().replaceFirst(",.*", ""),
            Integer.parseInt(length.get()),
            headline.get().value(),
            result.metrics()));
  }

  /** A metric over all samples, or over one facet. */
  Optional<MetricResult> metric(String name, Optional<Facet> facet) {
    return metrics.stream()
        .filter(metric -> metric.metric().equals(name) && metric.facet().equals(facet))
        .findFirst();
  }
}
