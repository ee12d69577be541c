package org.ssasuite.runtime.operator;

import ai.onnxruntime.OnnxTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.graph.AttentionAsk;
import org.ssasuite.runtime.graph.CudaGraph;
import org.ssasuite.runtime.graph.GraphBuilder;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.graph.ObservedGraph;
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
   * {@code ssa.Attention}, or {@code ssa.PackedAttention} on a CUDA device.
   *
   * @throws OperatorFailedException if the operator refuses, with the shapes that it saw
   * @throws BadInputException for heads or a mode that there are no CUDA kernels for
   */
  public AttentionOutputs attention(AttentionInputs in) {
    return options.device() == Device.CUDA ? attentionOnCuda(in) : attentionOnCpu(in);
  }

  private AttentionOutputs attentionOnCuda(AttentionInputs in) {
    Map<String, OnnxTensor> inputs = cudaInputs(in);
    byte[] graph =
        OperatorGraph.cudaAttention(
            in.queryHeads(),
            in.kvHeads(),
            in.headDim(),
            in.gates().isPresent(),
            options.precision());
    AttentionOutputs narrow =
        run(graph, inputs, Set.of("out", "selected"), OperatorSession::attentionOutputs);
    return widened(narrow, (int) ModeCode.of(in.mode())[2]);
  }

  private static Map<String, OnnxTensor> cudaInputs(AttentionInputs in) {
    CudaLimits.requireHeads("q: ", in.headDim(), in.queryHeads() / in.kvHeads());
    CudaLimits.requireMode(in.mode(), in.tokens());
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    float[] packed = packed(in);
    int dim = in.headDim();
    inputs.put("packed", OnnxSession.tensor(packed, in.tokens(), packed.length / in.tokens()));
    Optional<Rotary> rotary = in.rotary();
    inputs.put(
        "positions",
        OnnxSession.tensor(
            rotary.map(table -> widened(table.positions())).orElse(new long[in.tokens()])));
    int rows = rotary.map(Rotary::tableRows).orElse(0);
    inputs.put("cos", OnnxSession.tensor(rotary.map(Rotary::cos).orElse(new float[0]), rows, dim));
    inputs.put("sin", OnnxSession.tensor(rotary.map(Rotary::sin).orElse(new float[0]), rows, dim));
    inputs.put("sequence_starts", OnnxSession.tensor(widened(in.sequenceStarts())));
    inputs.put("mode", OnnxSession.tensor(coded(in, ModeCode.of(in.mode(), in.tokens()))));
    inputs.put(CudaGraph.DECODING, OnnxSession.tensor(1));
    return inputs;
  }

  /** A row of a choice is as wide as the mode's count of blocks, however few blocks there are. */
  private static AttentionOutputs widened(AttentionOutputs narrow, int width) {
    if (narrow.selectedWidth() == width) {
      return narrow;
    }
    int rows = narrow.selected().length / narrow.selectedWidth();
    int[] selected = new int[Math.multiplyExact(rows, width)];
    Arrays.fill(selected, -1);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(
          narrow.selected(),
          row * narrow.selectedWidth(),
          selected,
          row * width,
          narrow.selectedWidth());
    }
    return new AttentionOutputs(narrow.out(), width, selected);
  }

  /** Of each token q, k, v and gates, side by side. */
  private static float[] packed(AttentionInputs in) {
    int queries = in.queryHeads() * in.headDim();
    int keys = in.kvHeads() * in.headDim();
    int gates = in.gates().isPresent() ? 3 * in.queryHeads() : 0;
    int width = queries + 2 * keys + gates;
    float[] packed = new float[Math.multiplyExact(in.tokens(), width)];
    for (int t = 0; t < in.tokens(); t++) {
      int row = t * width;
      System.arraycopy(in.q(), t * queries, packed, row, queries);
      System.arraycopy(in.k(), t * keys, packed, row + queries, keys);
      System.arraycopy(in.v(), t * keys, packed, row + queries + keys, keys);
      if (gates > 0) {
        float[] all = in.gates().orElseThrow();
        System.arraycopy(all, t * gates, packed, row + queries + 2 * keys, gates);
      }
    }
    return packed;
  }

  private static AttentionOutputs attentionOutputs(OnnxSession.Outputs outputs) {
    return new AttentionOutputs(
        outputs.floats("out"), (int) outputs.shape("selected")[2], outputs.ints("selected"));
  }

  /**
   * {@code ssa.Attention}, or {@code ssa.PackedAttention} on a CUDA device, with statistics.
   *
   * @throws OperatorFailedException if the operator refuses, with the shapes that it saw
   * @throws BadInputException for heads, a mode or a budget that there are no CUDA kernels for
   */
  public AttentionStatisticsOutputs attentionStatistics(AttentionStatisticsInputs in) {
    AttentionInputs attention = in.attention();
    if (options.device() == Device.CUDA) {
      CudaLimits.requireBudgets(options, in.asked().budgets(), attention.tokens());
    }
    double[] before = in.before().orElseGet(() -> new double[in.sums()]);
    AskedOutputs outputs =
        asked(
            attention,
            AttentionAsk.STATISTICS,
            AskedInputs.statistics(in.asked(), in.ranges(), before, 1, in.buckets()));
    return new AttentionStatisticsOutputs(outputs.attention(), outputs.figures());
  }

  /**
   * {@code ssa.Attention}, or {@code ssa.PackedAttention} on a CUDA device, asked for more than its
   * answer.
   *
   * @param ask what is handed back
   * @param values of all that is asked; closed behind the call
   * @throws OperatorFailedException if the operator refuses, with the shapes that it saw
   * @throws BadInputException for what the device's operator is not asked for
   */
  public AskedOutputs asked(AttentionInputs in, AttentionAsk ask, Map<String, OnnxTensor> values) {
    Device device = options.device();
    if (!ask.devices().contains(device)) {
      throw new BadInputException("--device " + device.text(), ObservedGraph.NEEDLES_CPU_ONLY);
    }
    boolean cuda = device == Device.CUDA;
    Map<String, OnnxTensor> inputs = cuda ? cudaInputs(in) : cpuInputs(in);
    AskedInputs.nothing(device).forEach((name, nothing) -> put(inputs, name, nothing, values));
    AskedOutputs outputs =
        run(
            cuda ? observedOnCuda(in) : observedOnCpu(in),
            inputs,
            Set.of("out", "selected", ask.output(0)),
            read -> new AskedOutputs(attentionOutputs(read), read.doubles(ask.output(0))));
    int width = cuda ? (int) ModeCode.of(in.mode())[2] : outputs.attention().selectedWidth();
    return new AskedOutputs(widened(outputs.attention(), width), outputs.figures());
  }

  private static void put(
      Map<String, OnnxTensor> inputs,
      String name,
      OnnxTensor nothing,
      Map<String, OnnxTensor> values) {
    OnnxTensor value = values.get(name);
    inputs.put(name, value == null ? nothing : value);
    if (value != null) {
      nothing.close();
    }
  }

  private byte[] observedOnCuda(AttentionInputs in) {
    return OperatorGraph.observedCudaAttention(
        in.queryHeads(), in.kvHeads(), in.headDim(), in.gates().isPresent(), options.precision());
  }

  private byte[] observedOnCpu(AttentionInputs in) {
    return OperatorGraph.observedAttention(
        in.queryHeads(),
        in.kvHeads(),
        in.gates().isPresent(),
        in.rotary().isPresent(),
        options.isa());
  }

  private AttentionOutputs attentionOnCpu(AttentionInputs in) {
    byte[] graph =
        OperatorGraph.attention(
            in.queryHeads(),
            in.kvHeads(),
            in.gates().isPresent(),
            in.rotary().isPresent(),
            options.isa());
    return run(graph, cpuInputs(in), Set.of("out", "selected"), OperatorSession::attentionOutputs);
  }

  private static Map<String, OnnxTensor> cpuInputs(AttentionInputs in) {
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
    inputs.put("mode", OnnxSession.tensor(coded(in, ModeCode.of(in.mode()))));
    return inputs;
  }

  private static long[] coded(AttentionInputs in, long[] code) {
    return in.draws()
        .map(
            draws ->
                ModeCode.withSeeds(
                    code,
                    draws.layer(),
                    draws.documentSeeds().size(),
                    s -> draws.documentSeeds().get(s)))
        .orElse(code);
  }

  /**
   * {@code ssa.TokenLogProb}.
   *
   * @throws OperatorFailedException if the operator refuses, with the shapes that it saw
   */
  public TokenLogProbOutputs tokenLogProb(TokenLogProbInputs in) {
    boolean cuda = options.device() == Device.CUDA;
    if (cuda) {
      CudaLimits.requireHidden(in.width());
    }
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("hidden", OnnxSession.tensor(in.hidden(), in.tokens(), in.width()));
    inputs.put("weight", OnnxSession.tensor(in.weight(), in.vocabulary(), in.width()));
    inputs.put("targets", OnnxSession.tensor(widened(in.targets())));
    return run(
        cuda
            ? OperatorGraph.cudaTokenLogProb(options.precision())
            : OperatorGraph.tokenLogProb(options.isa()),
        inputs,
        Set.of("logprob", "argmax", "argmax_logprob"),
        outputs ->
            new TokenLogProbOutputs(
                outputs.floats("logprob"),
                outputs.ints("argmax"),
                outputs.floats("argmax_logprob")));
  }

  /**
   * {@code ssa.TokenDivergence}.
   *
   * @throws OperatorFailedException if the operator refuses, with the shapes that it saw
   * @throws BadInputException for a width that there is no CUDA kernel for
   */
  public TokenDivergenceOutputs tokenDivergence(TokenDivergenceInputs in) {
    if (options.device() == Device.CUDA) {
      CudaLimits.requireHidden(in.a().width());
      CudaLimits.requireHidden(in.b().width());
    }
    OnnxSession.Weight a = weight(in.a().weight(), in.vocabulary(), in.a().width());
    OnnxSession.Weight b = weight(in.b().weight(), in.vocabulary(), in.b().width());
    try (DivergenceSession session = DivergenceSession.open(options, List.of(a, b))) {
      return session.run(in.a().hidden(), in.b().hidden(), in.targets());
    }
  }

  /** A weight in the session's precision, on the host. */
  private OnnxSession.Weight weight(float[] values, int rows, int width) {
    Precision precision = options.precision();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.multiplyExact(values.length, precision.bytes()))
            .order(ByteOrder.nativeOrder());
    precision.put(values, values.length, bytes);
    return new OnnxSession.Weight(
        bytes.flip(), GraphBuilder.Type.of(precision), new long[] {rows, width});
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
