package org.ssasuite.runtime.observation;

import java.util.HashMap;
import java.util.Map;
import org.ssasuite.runtime.onnx.OnnxSession;

/**
 * A run's outputs, each of them copied once for all watches that read it; the arrays are not to be
 * changed. Mutable: it keeps the copies; lives as long as the reading.
 */
public final class RunOutputs {
  private final OnnxSession.Outputs outputs;
  private final Map<String, int[]> ints = new HashMap<>();
  private final Map<String, double[]> doubles = new HashMap<>();

  RunOutputs(OnnxSession.Outputs outputs) {
    this.outputs = outputs;
  }

  int[] ints(String name) {
    return ints.computeIfAbsent(name, outputs::ints);
  }

  double[] doubles(String name) {
    return doubles.computeIfAbsent(name, outputs::doubles);
  }

  long[] shape(String name) {
    return outputs.shape(name);
  }
}
