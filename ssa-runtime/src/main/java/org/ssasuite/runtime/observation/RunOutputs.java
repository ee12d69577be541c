package org.ssasuite.runtime.observation;

import java.util.HashMap;
import java.util.Map;
import org.ssasuite.runtime.onnx.OnnxSession;

/**
 * A run's outputs, each of them copied once for all watches that read it; the arrays are not to be
 * changed. Mutable: it keeps the copies, and which rows were taken; lives as long as the reading.
 */
public final class RunOutputs {
  private final OnnxSession.Outputs outputs;
  private final Map<String, int[]> ints = new HashMap<>();
  private final Map<String, double[]> doubles = new HashMap<>();
  private final Map<String, Integer> taken = new HashMap<>();

  RunOutputs(OnnxSession.Outputs outputs) {
    this.outputs = outputs;
  }

  int[] ints(String name) {
    return ints.computeIfAbsent(name, outputs::ints);
  }

  double[] doubles(String name) {
    return doubles.computeIfAbsent(name, outputs::doubles);
  }

  /**
   * The first of the next rows of an output whose sequences have as many as they ask for: they take
   * theirs in their order.
   */
  int next(String name, int rows) {
    int first = taken.getOrDefault(name, 0);
    taken.put(name, first + rows);
    return first;
  }

  long[] shape(String name) {
    return outputs.shape(name);
  }
}
