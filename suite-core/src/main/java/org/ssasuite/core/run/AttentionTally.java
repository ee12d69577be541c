package org.ssasuite.core.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.run.SampleFigures.Figure;
import org.ssasuite.core.run.SampleFigures.Mean;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.statistics.Ratios;

/**
 * What the statistics of one task's samples come to. A sample's figures are {@link SampleFigures};
 * a document's the mean over its samples, by their queries; a row the mean over documents. Mutable,
 * one owner.
 */
final class AttentionTally {
  private static final double LEVEL = 0.95;

  /** That of scores: the same documents are resampled alike. */
  private static final long BOOTSTRAP_SEED = 20_251_120;

  private static final Interval UNKNOWN =
      new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, LEVEL, Interval.Method.NONE);

  private final Map<SampleFigures.Key, Map<String, Mean>> means = new LinkedHashMap<>();

  /** Takes in one sample. */
  void add(StatisticsRecord record) {
    for (Figure figure : SampleFigures.of(record.statistics()).figures()) {
      means
          .computeIfAbsent(figure.key(), key -> new LinkedHashMap<>())
          .computeIfAbsent(record.document(), document -> new Mean())
          .add(figure.value(), figure.queries());
    }
  }

  /** A row for each statistic, those over all positions first. */
  List<AttentionResult.Row> rows() {
    return rows(IntervalRule.WITHIN_RANGE);
  }

  /** The same as results of an earlier version had them. */
  List<AttentionResult.Row> rows(IntervalRule intervals) {
    return rows(Optional.of(intervals));
  }

  /** The same without intervals: each is the whole line. */
  List<AttentionResult.Row> figures() {
    return rows(Optional.empty());
  }

  private List<AttentionResult.Row> rows(Optional<IntervalRule> intervals) {
    List<AttentionResult.Row> rows = new ArrayList<>();
    for (boolean bucket : new boolean[] {false, true}) {
      means.forEach(
          (key, documents) -> {
            if (key.positions().isPresent() == bucket) {
              rows.add(row(key, documents, intervals));
            }
          });
    }
    return rows;
  }

  private static AttentionResult.Row row(
      SampleFigures.Key key, Map<String, Mean> documents, Optional<IntervalRule> intervals) {
    double[] values = documents.values().stream().mapToDouble(Mean::value).toArray();
    double[] ones = new double[values.length];
    Arrays.fill(ones, 1);
    List<String> ids = List.copyOf(documents.keySet());
    Interval interval =
        intervals
            .map(rule -> rule.of(key.range()))
            .map(range -> range.estimate(values, ones, ids, LEVEL, BOOTSTRAP_SEED).interval())
            .orElse(UNKNOWN);
    return new AttentionResult.Row(
        key.statistic(),
        key.positions().map(Positions::text),
        Ratios.point(values, ones, ids).ratio(),
        interval,
        documents.values().stream().mapToInt(Mean::samples).sum(),
        documents.size());
  }
}
