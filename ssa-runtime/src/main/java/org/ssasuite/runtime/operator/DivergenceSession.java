package org.ssasuite.runtime.operator;

import ai.onnxruntime.OnnxTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.graph.OperatorGraph;
import org.ssasuite.runtime.onnx.OnnxSession;

/**
 * {@code ssa.TokenDivergence} between two vocabulary heads that stay the same while hidden states
 * come stretch by stretch. Owns the heads' tensors: one owner, one call at a time, closed once.
 */
public final class DivergenceSession implements AutoCloseable {
  /** Why another device is refused. */
  public static final String CPU_ONLY = "divergences are computed on the CPU only";

  private final OnnxSession session;
  private final OnnxTensor weightA;
  private final OnnxTensor weightB;

  private DivergenceSession(OnnxSession session, OnnxTensor weightA, OnnxTensor weightB) {
    this.session = session;
    this.weightA = weightA;
    this.weightB = weightB;
  }

  /**
   * Opens the operator.
   *
   * @param weightA [V, EA]; closed with the session
   * @param weightB [V, EB]; may be the same
   */
  public static DivergenceSession open(
      RuntimeOptions options, OnnxTensor weightA, OnnxTensor weightB) {
    byte[] graph = OperatorGraph.tokenDivergence(options.isa());
    return new DivergenceSession(OnnxSession.open(graph, Map.of(), options), weightA, weightB);
  }

  /**
   * Compares rows.
   *
   * @param hiddenA [T, EA]
   * @param hiddenB [T, EB]
   * @param targets [T]
   */
  public TokenDivergenceOutputs run(float[] hiddenA, float[] hiddenB, int[] targets) {
    Map<String, OnnxTensor> rows = new LinkedHashMap<>();
    rows.put("hidden_a", hidden(hiddenA, targets.length));
    rows.put("hidden_b", hidden(hiddenB, targets.length));
    rows.put("targets", OnnxSession.tensor(Arrays.stream(targets).asLongStream().toArray()));
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>(rows);
    inputs.put("weight_a", weightA);
    inputs.put("weight_b", weightB);
    try {
      return session.run(
          inputs,
          Set.of("figures", "argmax"),
          read -> new TokenDivergenceOutputs(read.doubles("figures"), read.ints("argmax")));
    } finally {
      rows.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor hidden(float[] values, int rows) {
    return OnnxSession.tensor(values, rows, values.length / rows);
  }

  @Override
  public void close() {
    session.close();
    weightA.close();
    if (weightB != weightA) {
      weightB.close();
    }
  }
}
