package org.ssasuite.runtime.operator;

import ai.onnxruntime.OnnxTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.runtime.graph.ObservedGraph;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticsRequest;

/** The values of the inputs that a graph has more where attention statistics are made. */
public final class ObservedInputs {
  private ObservedInputs() {}

  /** Where nothing is asked: they have no elements. */
  public static Map<String, OnnxTensor> nothing() {
    Map<String, OnnxTensor> inputs = nothingOfAttention();
    inputs.put(ObservedGraph.RESIDUAL_TOTALS, OnnxSession.tensor(new double[0], 0, 0, 0, 2));
    inputs.putAll(SpanInputs.nothing());
    return inputs;
  }

  /** The same for statistics of a single operator. */
  static Map<String, OnnxTensor> nothingOfAttention() {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put(ObservedGraph.STATISTICS, OnnxSession.tensor(new long[0]));
    inputs.put(ObservedGraph.RANGES, OnnxSession.table(new long[0], 0, 2));
    inputs.put(ObservedGraph.TOTALS, OnnxSession.tensor(new double[0], 0, 0, 0, 0));
    return inputs;
  }

  /** The same for a graph of the CUDA provider. */
  public static Map<String, OnnxTensor> nothingOnCuda() {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put(ObservedGraph.STATISTICS, OnnxSession.tensor(new long[0]));
    inputs.put(ObservedGraph.RANGES, OnnxSession.table(new long[0], 0, 2));
    inputs.put(ObservedGraph.TOTALS, OnnxSession.tensor(new double[0], 0, 0, 0, 0));
    inputs.put(ObservedGraph.RESIDUAL_TOTALS, OnnxSession.tensor(new double[0], 0, 0, 0, 2));
    return inputs;
  }

  /**
   * The inputs of {@link ObservedGraph}.
   *
   * @param totals [L, S, B, HQ, columns] what the run adds to
   */
  public static Map<String, OnnxTensor> of(
      StatisticsRequest asked, List<QueryRange> ranges, double[] totals, int layers, int buckets) {
    long[] ends = new long[2 * ranges.size()];
    for (int s = 0; s < ranges.size(); s++) {
      ends[2 * s] = ranges.get(s).from();
      ends[2 * s + 1] = ranges.get(s).to();
    }
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put(ObservedGraph.STATISTICS, OnnxSession.tensor(asked.code()));
    inputs.put(ObservedGraph.RANGES, OnnxSession.table(ends, ranges.size(), 2));
    long width = totals.length / ((long) layers * ranges.size() * buckets);
    inputs.put(
        ObservedGraph.TOTALS, OnnxSession.tensor(totals, layers, ranges.size(), buckets, width));
    return inputs;
  }
}
