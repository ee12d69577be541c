package org.ssasuite.runtime.speed;

import ai.onnxruntime.OnnxTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ssasuite.core.attention.Full;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.graph.TrialGraph;
import org.ssasuite.runtime.onnx.OnnxSession;

/**
 * On a CUDA device: graphs in which an operator stands many times, over values that are there
 * already, so that copies to the device and launches count for little.
 */
record CudaKernelTrial(SessionTimer timer) implements KernelTrial {
  private static final long SEED = 42;
  private static final int MATRIX_ROWS = 4_096;

  /** Enough to fill a device, and made in no time. */
  private static final int FEW_ROWS = 2_048;

  private static final int NODES = 32;

  @Override
  public int matrixRows() {
    return MATRIX_ROWS;
  }

  @Override
  public Timed matrixProduct() {
    return square(MATRIX_ROWS);
  }

  @Override
  public Timed product(int rows, int in, int out) {
    return square(FEW_ROWS);
  }

  private Timed square(int n) {
    TrialGraph graph = TrialGraph.products(n, NODES, timer.options().precision());
    Map<String, OnnxTensor> inputs =
        Map.of("one", OnnxSession.tensor(new float[] {1}, 1), "row", OnnxSession.tensor(0L));
    return timed(2.0 * n * n * n, graph, inputs);
  }

  @Override
  public Timed fullAttention(int tokens, int queryHeads, int kvHeads, int headDim) {
    TrialGraph graph =
        TrialGraph.attention(
            tokens,
            new TrialGraph.Heads(queryHeads, kvHeads, headDim),
            NODES,
            timer.options().precision());
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("positions", OnnxSession.tensor(new long[tokens]));
    inputs.put("cos", OnnxSession.tensor(new float[0], 0, headDim));
    inputs.put("sin", OnnxSession.tensor(new float[0], 0, headDim));
    inputs.put("sequence_starts", OnnxSession.tensor(0, tokens));
    inputs.put("mode", OnnxSession.tensor(ModeCode.of(new Full())));
    inputs.put("decoding", OnnxSession.tensor(0L));
    return timed(2.0 * tokens * tokens * queryHeads * headDim, graph, inputs);
  }

  @Override
  public Timed tokenLogProb(int rows, int vocabulary, int width) {
    TrialGraph graph =
        TrialGraph.heads(rows, vocabulary, width, NODES, timer.options().precision());
    long[] targets = new Random(SEED).longs(rows, 0, vocabulary).toArray();
    Map<String, OnnxTensor> inputs = Map.of("targets", OnnxSession.tensor(targets));
    return timed(2.0 * rows * vocabulary * width, graph, inputs);
  }

  private Timed timed(double flop, TrialGraph graph, Map<String, OnnxTensor> inputs) {
    Map<String, OnnxSession.Weight> weights = new LinkedHashMap<>();
    graph.weights().forEach((name, shape) -> weights.put(name, weight(graph, shape)));
    return timer.timed(flop * NODES, graph.model(), weights, inputs, graph.outputs());
  }

  /** About uniform from −1 to 1, over √columns: products stay of that size. */
  private static OnnxSession.Weight weight(TrialGraph graph, List<Long> shape) {
    int count = Math.toIntExact(Math.multiplyExact(shape.get(0), shape.get(1)));
    float[] values = new float[count];
    double scale = 1 / Math.sqrt(shape.get(1));
    Random random = new Random(SEED);
    for (int i = 0; i < count; i++) {
      values[i] = (float) (scale * (2 * random.nextFloat() - 1));
    }
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.multiplyExact(count, graph.precision().bytes()))
            .order(ByteOrder.nativeOrder());
    graph.precision().put(values, count, bytes);
    return new OnnxSession.Weight(
        bytes.flip(), graph.type(), shape.stream().mapToLong(Long::longValue).toArray());
  }
}
