package org.ssasuite.runtime.logits;

import ai.onnxruntime.OnnxTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.graph.OperatorGraph;
import org.ssasuite.runtime.onnx.OnnxSession;

/**
 * A vocabulary head alone: hidden · weightᵀ in fp32 for a few rows at a time. One owner, one call
 * at a time, closed once.
 */
public final class LogitSession implements AutoCloseable {
  private final OnnxSession session;
  private final int width;

  private LogitSession(OnnxSession session, int width) {
    this.session = session;
    this.width = width;
  }

  /**
   * Opens it.
   *
   * @param head [V, E] fp32; must stay as it is
   */
  public static LogitSession open(RuntimeOptions options, OnnxSession.Weight head) {
    byte[] graph = OperatorGraph.logits(head.shape());
    return new LogitSession(
        OnnxSession.open(graph, Map.of("weight", head), options), (int) head.shape()[1]);
  }

  /**
   * Logits.
   *
   * @param hidden [n, E]
   * @return [n, V]
   */
  public float[] run(float[] hidden) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("hidden", OnnxSession.tensor(hidden, hidden.length / width, width));
    try {
      return session.run(inputs, Set.of("logits"), read -> read.floats("logits"));
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
