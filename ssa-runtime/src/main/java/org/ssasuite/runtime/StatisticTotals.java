package org.ssasuite.runtime;

import ai.onnxruntime.OnnxTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.graph.ObservedGraph;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.operator.ObservedInputs;
import org.ssasuite.runtime.statistics.HeadStatistics;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticColumns;
import org.ssasuite.runtime.statistics.TextStatistics;

/**
 * The sums of one sequence's statistics on their way from run to run. Mutable: each run adds to
 * them; one owner.
 */
final class StatisticTotals {
  private static final int RESIDUAL_COLUMNS = 2;

  private final ModelConfig config;
  private final StatisticColumns columns;
  private final QueryRange queries;
  private final List<QueryRange> buckets;
  private final int layerSums;
  private final double[] heads; // [L, 1, B, HQ, columns]
  private final double[] residual; // [L, 1, B, 2]

  StatisticTotals(ModelConfig config, StatisticColumns columns, QueryRange queries) {
    this.config = config;
    this.columns = columns;
    this.queries = queries;
    buckets = QueryRange.buckets(queries.to());
    layerSums = buckets.size() * config.queryHeads() * columns.count();
    heads = new double[Math.multiplyExact(config.layers(), layerSums)];
    residual = new double[config.layers() * buckets.size() * RESIDUAL_COLUMNS];
  }

  /** What the next run gets. */
  Map<String, OnnxTensor> inputs() {
    Map<String, OnnxTensor> inputs =
        new LinkedHashMap<>(
            ObservedInputs.of(
                columns.asked(), List.of(queries), heads, config.layers(), buckets.size()));
    inputs.put(
        ObservedGraph.RESIDUAL_TOTALS,
        OnnxSession.tensor(residual, config.layers(), 1, buckets.size(), RESIDUAL_COLUMNS));
    return inputs;
  }

  Set<String> outputs() {
    Set<String> names = new LinkedHashSet<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      names.add(ObservedGraph.sums(layer));
      names.add(ObservedGraph.residual(layer));
    }
    return names;
  }

  /** Takes the sums that a run gives. */
  void take(OnnxSession.Outputs outputs) {
    int residualSums = buckets.size() * RESIDUAL_COLUMNS;
    for (int layer = 0; layer < config.layers(); layer++) {
      double[] sums = outputs.doubles(ObservedGraph.sums(layer));
      System.arraycopy(sums, 0, heads, layer * layerSums, layerSums);
      double[] magnitudes = outputs.doubles(ObservedGraph.residual(layer));
      System.arraycopy(magnitudes, 0, residual, layer * residualSums, residualSums);
    }
  }

  /** The means of all that has been summed. */
  TextStatistics statistics(int tokens, boolean gated) {
    List<TextStatistics.Bucket> filled = new ArrayList<>();
    for (int bucket = 0; bucket < buckets.size(); bucket++) {
      QueryRange within = queries.within(buckets.get(bucket));
      if (within.queries() > 0) {
        filled.add(new TextStatistics.Bucket(within, layers(within, gated, bucket, bucket + 1)));
      }
    }
    return new TextStatistics(
        tokens, queries, columns, layers(queries, gated, 0, buckets.size()), filled);
  }

  private List<HeadStatistics> layers(QueryRange over, boolean gated, int from, int to) {
    List<HeadStatistics> layers = new ArrayList<>();
    int width = config.queryHeads() * columns.count();
    for (int layer = 0; layer < config.layers(); layer++) {
      double[] sums = new double[width];
      double largest = 0;
      double medians = 0;
      for (int bucket = from; bucket < to; bucket++) {
        int first = layer * layerSums + bucket * width;
        Arrays.setAll(sums, i -> sums[i] + heads[first + i]);
        int at = (layer * buckets.size() + bucket) * RESIDUAL_COLUMNS;
        largest = Math.max(largest, residual[at]);
        medians += residual[at + 1];
      }
      layers.add(
          new HeadStatistics(
              over,
              columns,
              gated,
              sums,
              new HeadStatistics.ResidualMagnitude(largest, medians / over.queries())));
    }
    return layers;
  }
}
