package org.ssasuite.runtime.observation;

import ai.onnxruntime.OnnxTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.graph.AttentionAsk;
import org.ssasuite.runtime.graph.ObservedGraph;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.operator.AskedInputs;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticColumns;

/**
 * Attention statistics, as sums over the queries of a range: per layer [S, B, HQ columns] fp64, and
 * of the residual stream [S, B, 2]. What a sequence's earlier runs gave comes in with a run and
 * goes out with it, so that the order of additions does not know where a chunk ends.
 */
record StatisticsProbe(ModelConfig config, StatisticColumns columns) implements Probe {
  static final int RESIDUAL_COLUMNS = 2;

  /** Sums per position bucket of one layer. */
  int width() {
    return config.queryHeads() * columns.count();
  }

  @Override
  public Map<String, OnnxTensor> inputs(List<Optional<Watch>> sequences) {
    List<Optional<StatisticsWatch>> watches =
        sequences.stream().map(watch -> watch.map(StatisticsWatch.class::cast)).toList();
    int buckets =
        watches.stream()
            .flatMap(Optional::stream)
            .mapToInt(StatisticsWatch::buckets)
            .max()
            .orElse(1);
    int layers = config.layers();
    int n = watches.size();
    List<QueryRange> ranges = new ArrayList<>();
    double[] heads = new double[Math.multiplyExact(layers * n * buckets, width())];
    double[] residual = new double[layers * n * buckets * RESIDUAL_COLUMNS];
    for (int s = 0; s < n; s++) {
      ranges.add(watches.get(s).map(StatisticsWatch::queries).orElse(new QueryRange(0, 0)));
      for (int layer = 0; layer < layers && watches.get(s).isPresent(); layer++) {
        int at = (layer * n + s) * buckets;
        watches.get(s).get().copy(layer, heads, at * width(), residual, at * RESIDUAL_COLUMNS);
      }
    }
    Map<String, OnnxTensor> inputs =
        new LinkedHashMap<>(
            AskedInputs.statistics(columns.asked(), ranges, heads, layers, buckets));
    inputs.put(
        ObservedGraph.RESIDUAL_TOTALS,
        OnnxSession.tensor(residual, layers, n, buckets, RESIDUAL_COLUMNS));
    return inputs;
  }

  @Override
  public Set<String> outputs(int layers) {
    Set<String> names = new LinkedHashSet<>();
    for (int layer = 0; layer < layers; layer++) {
      names.add(AttentionAsk.STATISTICS.output(layer));
      names.add(ObservedGraph.residual(layer));
    }
    return names;
  }
}
