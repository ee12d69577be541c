package org.ssasuite.runtime.speed;

import ai.onnxruntime.OnnxTensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.onnx.OnnxSession;

/** Times how long a graph takes, a number of times after one that does not count. */
record SessionTimer(RuntimeOptions options, int repeats) {
  /**
   * Runs a graph and closes its inputs.
   *
   * @param outputs of which the first is read
   */
  KernelTrial.Timed timed(
      double flop,
      byte[] graph,
      Map<String, OnnxSession.Weight> weights,
      Map<String, OnnxTensor> inputs,
      List<String> outputs) {
    Set<String> asked = new LinkedHashSet<>(outputs);
    List<Long> nanos = new ArrayList<>();
    try (OnnxSession session = OnnxSession.open(graph, weights, options)) {
      for (int i = 0; i <= repeats; i++) {
        long start = System.nanoTime();
        session.run(inputs, asked, read -> read.shape(outputs.get(0)));
        nanos.add(System.nanoTime() - start);
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
    return new KernelTrial.Timed(flop, nanos.subList(1, nanos.size()));
  }
}
