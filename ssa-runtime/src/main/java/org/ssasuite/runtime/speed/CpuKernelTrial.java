package org.ssasuite.runtime.speed;

import ai.onnxruntime.OnnxTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ssasuite.core.attention.Full;
import org.ssasuite.runtime.graph.GraphBuilder;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.graph.OperatorGraph;
import org.ssasuite.runtime.onnx.OnnxSession;

/** On the CPU, through the graphs of single operators. */
record CpuKernelTrial(SessionTimer timer) implements KernelTrial {
  private static final long SEED = 42;
  private static final int MATRIX_ROWS = 2_048;

  @Override
  public int matrixRows() {
    return MATRIX_ROWS;
  }

  @Override
  public Timed matrixProduct() {
    return product(MATRIX_ROWS, MATRIX_ROWS, MATRIX_ROWS);
  }

  @Override
  public Timed product(int rows, int in, int out) {
    Random random = new Random(SEED);
    GraphBuilder graph = new GraphBuilder();
    graph.input("x", GraphBuilder.Type.FLOAT, "T", Integer.toString(in));
    graph.weight("w", in, out);
    graph.node("y", "MatMul", List.of("x", "w"));
    graph.output("y", GraphBuilder.Type.FLOAT, "T", Integer.toString(out));
    FloatBuffer values =
        ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES * in, out))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    values.put(normal(random, in * out)).rewind();
    Map<String, OnnxSession.Weight> weights =
        Map.of("w", new OnnxSession.Weight(values, new long[] {in, out}));
    Map<String, OnnxTensor> inputs =
        Map.of("x", OnnxSession.tensor(normal(random, rows * in), rows, in));
    return timer.timed(2.0 * rows * in * out, graph.model(), weights, inputs, List.of("y"));
  }

  @Override
  public Timed fullAttention(int tokens, int queryHeads, int kvHeads, int headDim) {
    Random random = new Random(SEED);
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    int queryWidth = queryHeads * headDim;
    int keyWidth = kvHeads * headDim;
    inputs.put("q", OnnxSession.tensor(normal(random, tokens * queryWidth), tokens, queryWidth));
    inputs.put("k", OnnxSession.tensor(normal(random, tokens * keyWidth), tokens, keyWidth));
    inputs.put("v", OnnxSession.tensor(normal(random, tokens * keyWidth), tokens, keyWidth));
    inputs.put("sequence_starts", OnnxSession.tensor(0, tokens));
    inputs.put("mode", OnnxSession.tensor(ModeCode.of(new Full())));
    byte[] graph =
        OperatorGraph.attention(queryHeads, kvHeads, false, false, timer.options().isa());
    return timer.timed(2.0 * tokens * tokens * queryWidth, graph, Map.of(), inputs, List.of("out"));
  }

  @Override
  public Timed tokenLogProb(int rows, int vocabulary, int width) {
    Random random = new Random(SEED);
    long[] targets = random.longs(rows, 0, vocabulary).toArray();
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("hidden", OnnxSession.tensor(normal(random, rows * width), rows, width));
    inputs.put("weight", OnnxSession.tensor(normal(random, vocabulary * width), vocabulary, width));
    inputs.put("targets", OnnxSession.tensor(targets));
    byte[] graph = OperatorGraph.tokenLogProb(timer.options().isa());
    return timer.timed(
        2.0 * rows * vocabulary * width, graph, Map.of(), inputs, List.of("logprob"));
  }

  private static float[] normal(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
