package org.ssasuite.runtime.operator;

import ai.onnxruntime.OnnxTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.graph.OperatorGraph;
import org.ssasuite.runtime.onnx.OnnxSession;

/**
 * {@code ssa.TokenDivergence} between two vocabulary heads that stay the same while hidden states
 * come stretch by stretch. One owner, one call at a time, closed once.
 */
public final class DivergenceSession implements AutoCloseable {
  private final OnnxSession session;

  private DivergenceSession(OnnxSession session) {
    this.session = session;
  }

  /**
   * Opens the operator. On a CUDA device the heads are copied there once.
   *
   * @param options where it computes, and the number format of both heads and of hidden states
   * @param heads [V, E] of that format: one that both sides have, or A's and B's; must stay as they
   *     are
   * @throws BadInputException if the operator library is missing or cannot be loaded
   */
  public static DivergenceSession open(RuntimeOptions options, List<OnnxSession.Weight> heads) {
    Map<String, OnnxSession.Weight> weights = new LinkedHashMap<>();
    weights.put("weight_a", heads.get(0));
    if (heads.size() > 1) {
      weights.put("weight_b", heads.get(1));
    }
    List<long[]> shapes = heads.stream().map(OnnxSession.Weight::shape).toList();
    byte[] graph =
        options.device() == Device.CUDA
            ? OperatorGraph.cudaTokenDivergence(shapes, options.precision())
            : OperatorGraph.tokenDivergence(shapes, options.isa());
    return new DivergenceSession(OnnxSession.open(graph, weights, options));
  }

  /**
   * Compares rows.
   *
   * @param hiddenA [T, EA]
   * @param hiddenB [T, EB]
   * @param targets [T]
   */
  public TokenDivergenceOutputs run(float[] hiddenA, float[] hiddenB, int[] targets) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("hidden_a", hidden(hiddenA, targets.length));
    inputs.put("hidden_b", hidden(hiddenB, targets.length));
    inputs.put("targets", OnnxSession.tensor(Arrays.stream(targets).asLongStream().toArray()));
    try {
      return session.run(
          inputs,
          Set.of("figures", "argmax"),
          read -> new TokenDivergenceOutputs(read.doubles("figures"), read.ints("argmax")));
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor hidden(float[] values, int rows) {
    return OnnxSession.tensor(values, rows, values.length / rows);
  }

  @Override
  public void close() {
    session.close();
  }
}
