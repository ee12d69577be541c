package org.ssasuite.runtime.operator;

import ai.onnxruntime.OnnxTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.RuntimeOptions;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.graph.OperatorGraph;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.onnx.OperatorFailedException;
import org.ssasuite.runtime.onnx.OperatorLibrary;

/**
 * Runs single operators, each in a graph of its own, so that a kernel can be checked without a
 * model.
 */
public final class OperatorSession implements AutoCloseable {
  private final RuntimeOptions options;

  private OperatorSession(RuntimeOptions options) {
    this.options = options;
  }

  /**
   * Sessions are made per call, so nothing is loaded yet.
   *
   * @throws BadInputException if the operator library is missing
   */
  public static OperatorSession open(RuntimeOptions options) {
    OperatorLibrary.find().require();
    return new OperatorSession(options);
  }

  /**
   * {@code ssa.Attention}.
   *
   * @throws OperatorFailedException if the operator refuses, with the shapes that it saw
   */
  public AttentionOutputs attention(AttentionInputs in) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    int tokens = in.tokens();
    int queryWidth = in.queryHeads() * in.headDim();
    int keyWidth = in.kvHeads() * in.headDim();
    inputs.put("q", OnnxSession.tensor(in.q(), tokens, queryWidth));
    inputs.put("k", OnnxSession.tensor(in.k(), tokens, keyWidth));
    inputs.put("v", OnnxSession.tensor(in.v(), tokens, keyWidth));
    in.gates()
        .ifPresent(
            gates -> inputs.put("gates", OnnxSession.tensor(gates, tokens, 3L * in.queryHeads())));
    in.rotary()
        .ifPresent(
            rotary -> {
              inputs.put("positions", OnnxSession.tensor(widened(rotary.positions())));
              inputs.put("cos", OnnxSession.tensor(rotary.cos(), rotary.tableRows(), in.headDim()));
              inputs.put("sin", OnnxSession.tensor(rotary.sin(), rotary.tableRows(), in.headDim()));
            });
    inputs.put("sequence_starts", OnnxSession.tensor(widened(in.sequenceStarts())));
    inputs.put("mode", OnnxSession.tensor(ModeCode.of(in.mode())));
    byte[] graph =
        OperatorGraph.attention(
            in.queryHeads(),
            in.kvHeads(),
            in.gates().isPresent(),
            in.rotary().isPresent(),
            options.isa());
    return run(
        graph,
        inputs,
        Set.of("out", "selected"),
        outputs ->
            new AttentionOutputs(
                outputs.floats("out"),
                (int) outputs.shape("selected")[2],
                outputs.ints("selected")));
  }

  /**
   * {@code ssa.TokenLogProb}.
   *
   * @throws OperatorFailedException if the operator refuses, with the shapes that it saw
   */
  public TokenLogProbOutputs tokenLogProb(TokenLogProbInputs in) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("hidden", OnnxSession.tensor(in.hidden(), in.tokens(), in.width()));
    inputs.put("weight", OnnxSession.tensor(in.weight(), in.vocabulary(), in.width()));
    inputs.put("targets", OnnxSession.tensor(widened(in.targets())));
    return run(
        OperatorGraph.tokenLogProb(options.isa()),
        inputs,
        Set.of("logprob", "argmax", "argmax_logprob"),
        outputs ->
            new TokenLogProbOutputs(
                outputs.floats("logprob"),
                outputs.ints("argmax"),
                outputs.floats("argmax_logprob")));
  }

  private <T> T run(
      byte[] graph,
      Map<String, OnnxTensor> inputs,
      Set<String> outputs,
      OnnxSession.ResultReader<T> reader) {
    try (OnnxSession session = OnnxSession.open(graph, Map.of(), options)) {
      return session.run(inputs, outputs, reader);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static long[] widened(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  /** Nothing stays open between calls. */
  @Override
  public void close() {}
}
