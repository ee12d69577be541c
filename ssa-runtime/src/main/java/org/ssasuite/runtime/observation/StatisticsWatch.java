package org.ssasuite.runtime.observation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.graph.AttentionAsk;
import org.ssasuite.runtime.graph.ObservedGraph;
import org.ssasuite.runtime.statistics.HeadStatistics;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticColumns;
import org.ssasuite.runtime.statistics.StatisticsRequest;
import org.ssasuite.runtime.statistics.TextStatistics;

/** The sums of one sequence's statistics on their way from run to run. */
public final class StatisticsWatch implements Watch {
  private final ModelConfig config;
  private final StatisticsProbe probe;
  private final QueryRange queries;
  private final List<QueryRange> buckets;
  private final int layerSums;
  private final double[] heads; // [L, B, HQ, columns]
  private final double[] residual; // [L, B, 2]
  private int end;

  /**
   * A watch that has seen nothing.
   *
   * @param queries over which sums are made; a sequence may end before they do
   */
  public StatisticsWatch(ModelConfig config, StatisticColumns columns, QueryRange queries) {
    this.config = config;
    this.queries = queries;
    this.end = queries.from();
    probe = new StatisticsProbe(config, columns);
    buckets = QueryRange.buckets(queries.to());
    layerSums = buckets.size() * probe.width();
    heads = new double[Math.multiplyExact(config.layers(), layerSums)];
    residual = new double[config.layers() * buckets.size() * StatisticsProbe.RESIDUAL_COLUMNS];
  }

  /** Of the queries that answer, or those before them; absent where none of them, or no group. */
  static Optional<StatisticsWatch> of(StatisticsObservation asked, Scene scene) {
    QueryRange answering = scene.answering();
    QueryRange queries = asked.prompt() ? new QueryRange(0, answering.from()) : answering;
    StatisticsRequest request = StatisticsRequest.of(asked, scene.mode(), scene.config());
    return queries.queries() < 1 || request.groups().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new StatisticsWatch(
                scene.config(), new StatisticColumns(request, scene.mode()), queries));
  }

  /** Means over the queries of all sequences together. */
  static Optional<AttentionStatistics> observed(List<StatisticsWatch> sequences) {
    List<AttentionStatistics> seen =
        sequences.stream()
            .filter(watch -> watch.end > watch.queries.from())
            .map(watch -> StatisticRows.of(watch.statistics(watch.end, false)))
            .toList();
    return seen.isEmpty() ? Optional.empty() : Optional.of(AttentionStatistics.together(seen));
  }

  @Override
  public Probe probe() {
    return probe;
  }

  @Override
  public boolean looksAt(QueryRange positions) {
    return queries.within(positions).queries() > 0;
  }

  /** Sums belong to one sequence. */
  @Override
  public boolean alone() {
    return true;
  }

  QueryRange queries() {
    return queries;
  }

  int buckets() {
    return buckets.size();
  }

  /** Copies a layer's sums to where a run's begin. */
  void copy(int layer, double[] toHeads, int headsAt, double[] toResidual, int residualAt) {
    System.arraycopy(heads, layer * layerSums, toHeads, headsAt, layerSums);
    int magnitudes = buckets.size() * StatisticsProbe.RESIDUAL_COLUMNS;
    System.arraycopy(residual, layer * magnitudes, toResidual, residualAt, magnitudes);
  }

  @Override
  public void take(RunPart part) {
    int runBuckets = (int) part.outputs().shape(AttentionAsk.STATISTICS.output(0))[1];
    int from = part.sequence() * runBuckets;
    int magnitudes = buckets.size() * StatisticsProbe.RESIDUAL_COLUMNS;
    for (int layer = 0; layer < config.layers(); layer++) {
      double[] sums = part.figures(AttentionAsk.STATISTICS, layer);
      System.arraycopy(sums, from * probe.width(), heads, layer * layerSums, layerSums);
      double[] ranges = part.outputs().doubles(ObservedGraph.residual(layer));
      System.arraycopy(
          ranges,
          from * StatisticsProbe.RESIDUAL_COLUMNS,
          residual,
          layer * magnitudes,
          magnitudes);
    }
    end = Math.min(queries.to(), part.positions().to());
  }

  /**
   * The means of all that has been summed.
   *
   * @param tokens of the sequence
   */
  public TextStatistics statistics(int tokens, boolean gated) {
    QueryRange seen = new QueryRange(queries.from(), end);
    List<TextStatistics.Bucket> filled = new ArrayList<>();
    for (int bucket = 0; bucket < buckets.size(); bucket++) {
      QueryRange within = seen.within(buckets.get(bucket));
      if (within.queries() > 0) {
        filled.add(new TextStatistics.Bucket(within, layers(within, gated, bucket, bucket + 1)));
      }
    }
    return new TextStatistics(
        tokens, seen, probe.columns(), layers(seen, gated, 0, buckets.size()), filled);
  }

  private List<HeadStatistics> layers(QueryRange over, boolean gated, int from, int to) {
    List<HeadStatistics> layers = new ArrayList<>();
    int width = probe.width();
    for (int layer = 0; layer < config.layers(); layer++) {
      double[] sums = new double[width];
      double largest = 0;
      double medians = 0;
      for (int bucket = from; bucket < to; bucket++) {
        int first = layer * layerSums + bucket * width;
        Arrays.setAll(sums, i -> sums[i] + heads[first + i]);
        int at = (layer * buckets.size() + bucket) * StatisticsProbe.RESIDUAL_COLUMNS;
        largest = Math.max(largest, residual[at]);
        medians += residual[at + 1];
      }
      layers.add(
          new HeadStatistics(
              over,
              probe.columns(),
              gated,
              sums,
              new HeadStatistics.ResidualMagnitude(largest, medians / over.queries())));
    }
    return layers;
  }
}
