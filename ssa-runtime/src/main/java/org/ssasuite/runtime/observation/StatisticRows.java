package org.ssasuite.runtime.observation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.request.AttentionStatistics.Statistic;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.HeadStatistics;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticColumns;
import org.ssasuite.runtime.statistics.StatisticGroup;
import org.ssasuite.runtime.statistics.TextStatistics;

/**
 * A sequence's statistics under their names: masses on single keys over all queries, all else by
 * position bucket. Branches of NSA have {@code selected_}, {@code window_} and {@code compressed_}
 * before them.
 */
final class StatisticRows {
  private static final List<String> BRANCHES = List.of("selected_", "window_");

  private final StatisticColumns columns;
  private final List<Statistic> rows = new ArrayList<>();

  private StatisticRows(StatisticColumns columns) {
    this.columns = columns;
  }

  static AttentionStatistics of(TextStatistics statistics) {
    StatisticRows rows = new StatisticRows(statistics.columns());
    for (int branch = 0; branch < rows.columns.branches(); branch++) {
      rows.addKeys(statistics, branch);
    }
    for (TextStatistics.Bucket bucket : statistics.buckets()) {
      rows.addBucket(bucket, whole(bucket.queries()));
    }
    return new AttentionStatistics(rows.rows);
  }

  /** The bucket that these queries are in, whole. */
  private static Positions whole(QueryRange queries) {
    List<QueryRange> buckets = QueryRange.buckets(queries.to());
    QueryRange last = buckets.get(buckets.size() - 1);
    return new Positions(last.from(), last.to());
  }

  private String prefix(int branch) {
    return columns.compressed() ? BRANCHES.get(branch) : "";
  }

  private void addKeys(TextStatistics statistics, int branch) {
    for (int key = 0; key < StatisticColumns.FIRST_KEYS; key++) {
      int which = key;
      int queries = statistics.queries().queriesFrom(key);
      if (queries > 0) {
        add(
            prefix(branch) + "key_mass_" + key,
            Optional.empty(),
            queries,
            statistics.layers(),
            (layer, head) -> layer.keyMass(branch, which, head));
      }
    }
  }

  /** One figure of a layer's head. */
  private interface Figure {
    double of(HeadStatistics layer, int head);
  }

  private void add(
      String name,
      Optional<Positions> positions,
      int queries,
      List<HeadStatistics> layers,
      Figure figure) {
    List<List<Double>> values = new ArrayList<>();
    for (HeadStatistics layer : layers) {
      List<Double> heads = new ArrayList<>();
      for (int head = 0; head < layer.heads(); head++) {
        heads.add(figure.of(layer, head));
      }
      values.add(heads);
    }
    rows.add(new Statistic(name, positions, queries, values));
  }

  private void addBucket(TextStatistics.Bucket bucket, Positions positions) {
    for (int branch = 0; branch < columns.branches(); branch++) {
      addBranch(bucket, positions, branch);
    }
    if (columns.compressed() && columns.branches() > 0) {
      add(bucket, positions, "compressed_entropy_bits", HeadStatistics::compressedEntropyBits);
      addBehindFirst(
          bucket,
          positions,
          "compressed_entropy_normalised",
          (layer, head) -> layer.compressedEntropyNormalised(head).orElseThrow());
    }
    if (columns.mode() instanceof Full) {
      addBudgets(bucket, positions);
    }
  }

  private void addBranch(TextStatistics.Bucket bucket, Positions positions, int branch) {
    String prefix = prefix(branch);
    for (int i = 0; i < StatisticColumns.FIRST.size(); i++) {
      int which = i;
      String name = prefix + "first_" + StatisticColumns.FIRST.get(i);
      add(bucket, positions, name, (layer, head) -> layer.first(branch, which, head));
      add(
          bucket,
          positions,
          name + "_value",
          (layer, head) -> layer.firstValue(branch, which, head));
    }
    for (int i = 0; i < StatisticColumns.LAST.size(); i++) {
      int which = i;
      String name = prefix + "last_" + StatisticColumns.LAST.get(i);
      add(bucket, positions, name, (layer, head) -> layer.last(branch, which, head));
    }
    add(
        bucket,
        positions,
        prefix + "entropy_bits",
        (layer, head) -> layer.entropyBits(branch, head));
    addBehindFirst(
        bucket,
        positions,
        prefix + "entropy_normalised",
        (layer, head) -> layer.entropyNormalised(branch, head).orElseThrow());
    add(
        bucket,
        positions,
        prefix + "effective_keys",
        (layer, head) -> layer.effectiveKeys(branch, head));
  }

  private void addBudgets(TextStatistics.Bucket bucket, Positions positions) {
    List<BlockBudget> budgets = columns.asked().budgets();
    for (int i = 0; i < budgets.size(); i++) {
      int budget = i;
      String suffix = "_" + budgets.get(i).text();
      if (columns.asked().groups().contains(StatisticGroup.CAPTURE)) {
        add(bucket, positions, "captured" + suffix, (layer, head) -> layer.captured(budget, head));
        add(
            bucket,
            positions,
            "captured_best" + suffix,
            (layer, head) -> layer.capturedBest(budget, head));
      }
      if (columns.asked().groups().contains(StatisticGroup.ERROR)) {
        add(
            bucket,
            positions,
            "output_error" + suffix,
            (layer, head) -> layer.outputError(budget, head));
        add(
            bucket,
            positions,
            "error_bound" + suffix,
            (layer, head) -> layer.errorBound(budget, head));
      }
    }
  }

  private void add(TextStatistics.Bucket bucket, Positions positions, String name, Figure figure) {
    add(name, Optional.of(positions), bucket.queries().queries(), bucket.layers(), figure);
  }

  /** A mean over the queries behind position 0, if there are any. */
  private void addBehindFirst(
      TextStatistics.Bucket bucket, Positions positions, String name, Figure figure) {
    int queries = bucket.queries().queriesFrom(1);
    if (queries > 0) {
      add(name, Optional.of(positions), queries, bucket.layers(), figure);
    }
  }
}
