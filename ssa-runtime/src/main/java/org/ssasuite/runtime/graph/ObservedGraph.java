package org.ssasuite.runtime.graph;

import static org.ssasuite.runtime.graph.GraphBuilder.attribute;

import ai.onnxruntime.OnnxTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticsRequest;

/**
 * What a graph has for attention statistics, which a run may ask for: inputs {@code statistics [1 +
 * 2 N]}, {@code ranges [S, 2]}, {@code totals [L, S, B, HQ x columns]}; of a model also {@code
 * residual_totals [L, S, B, 2]}, and outputs {@code sums_<layer>}, {@code residual_<layer>}.
 */
public final class ObservedGraph {
  /** Why there are no statistics on a CUDA device. */
  public static final String CPU_ONLY = "attention statistics are made on the CPU only";

  /** Name of the input with the residual stream's magnitudes so far. */
  public static final String RESIDUAL_TOTALS = "residual_totals";

  private static final String STATISTICS = "statistics";
  private static final String RANGES = "ranges";
  private static final String TOTALS = "totals";

  private ObservedGraph() {}

  /** Name of the output with a layer's sums. */
  public static String sums(int layer) {
    return "sums_" + layer;
  }

  /** Name of the output with the magnitudes of the residual stream that enters a layer. */
  public static String residual(int layer) {
    return "residual_" + layer;
  }

  /** Declares what a model has more than a single operator. */
  static void declareResidual(GraphBuilder graph) {
    graph.input(RESIDUAL_TOTALS, GraphBuilder.Type.DOUBLE, "L", "S", "B", "2");
  }

  /** Looks at the residual stream that enters a layer. */
  static void observeResidual(GraphBuilder graph, int layer, String hidden) {
    graph.node(
        "ssa",
        residual(layer),
        "ResidualRange",
        List.of(hidden, "sequence_starts", "past_tokens", RANGES, RESIDUAL_TOTALS),
        List.of(residual(layer)),
        attribute("layer", (long) layer));
    graph.output(residual(layer), GraphBuilder.Type.DOUBLE, "S", "B", "2");
  }

  /** The values of all these inputs where nothing is asked: they have no elements. */
  public static Map<String, OnnxTensor> nothing() {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put(STATISTICS, OnnxSession.tensor(new long[0]));
    inputs.put(RANGES, OnnxSession.table(new long[0], 0, 2));
    inputs.put(TOTALS, OnnxSession.tensor(new double[0], 0, 0, 0, 0));
    inputs.put(RESIDUAL_TOTALS, OnnxSession.tensor(new double[0], 0, 0, 0, 2));
    return inputs;
  }

  /** The attention operator's inputs and its output of sums. */
  static void observeAttention(
      GraphBuilder graph, int layer, List<String> inputs, List<String> outputs) {
    inputs.addAll(List.of(STATISTICS, RANGES, TOTALS));
    outputs.add(sums(layer));
    graph.output(sums(layer), GraphBuilder.Type.DOUBLE, "S", "B", "sums_width");
  }

  /** Declares the attention operator's inputs. */
  static void declareInputs(GraphBuilder graph) {
    graph.input(STATISTICS, GraphBuilder.Type.INT64, "N");
    graph.input(RANGES, GraphBuilder.Type.INT64, "S", "2");
    graph.input(TOTALS, GraphBuilder.Type.DOUBLE, "L", "S", "B", "sums_width");
  }

  /**
   * The inputs' values.
   *
   * @param totals [L, S, B, HQ, columns] what the run adds to
   */
  public static Map<String, OnnxTensor> inputs(
      StatisticsRequest asked, List<QueryRange> ranges, double[] totals, int layers, int buckets) {
    long[] ends = new long[2 * ranges.size()];
    for (int s = 0; s < ranges.size(); s++) {
      ends[2 * s] = ranges.get(s).from();
      ends[2 * s + 1] = ranges.get(s).to();
    }
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put(STATISTICS, OnnxSession.tensor(asked.code()));
    inputs.put(RANGES, OnnxSession.table(ends, ranges.size(), 2));
    long width = totals.length / ((long) layers * ranges.size() * buckets);
    inputs.put(TOTALS, OnnxSession.tensor(totals, layers, ranges.size(), buckets, width));
    return inputs;
  }
}
