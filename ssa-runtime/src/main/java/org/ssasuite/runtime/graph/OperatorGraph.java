package org.ssasuite.runtime.graph;

import static org.ssasuite.runtime.graph.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;

/** Graphs of one operator, so that a kernel can be run without a model. */
public final class OperatorGraph {
  private static final long FLOAT_CODE = GraphBuilder.Type.FLOAT.code();

  private OperatorGraph() {}

  /**
   * {@code ssa.Attention} alone; absent optional inputs are no inputs of the graph.
   *
   * @param gated whether gates are among the inputs
   * @param rotary whether there are inputs {@code positions}, {@code cos} and {@code sin}
   */
  public static byte[] attention(
      int queryHeads, int kvHeads, boolean gated, boolean rotary, Isa isa) {
    return attention(queryHeads, kvHeads, gated, rotary, isa, false);
  }

  /** The same with the inputs and outputs of {@link AttentionAsk}. */
  public static byte[] observedAttention(
      int queryHeads, int kvHeads, boolean gated, boolean rotary, Isa isa) {
    return attention(queryHeads, kvHeads, gated, rotary, isa, true);
  }

  private static byte[] attention(
      int queryHeads, int kvHeads, boolean gated, boolean rotary, Isa isa, boolean observed) {
    GraphBuilder graph = new GraphBuilder();
    List<String> inputs = new ArrayList<>();
    for (String name : List.of("q", "k", "v")) {
      inputs.add(graph.input(name, GraphBuilder.Type.FLOAT, "T", name + "_width"));
    }
    inputs.add(gated ? graph.input("gates", GraphBuilder.Type.FLOAT, "T", "G") : "");
    inputs.add(rotary ? graph.input("positions", GraphBuilder.Type.INT64, "T") : "");
    for (String name : List.of("cos", "sin")) {
      inputs.add(rotary ? graph.input(name, GraphBuilder.Type.FLOAT, "P", "D") : "");
    }
    inputs.add(graph.input("sequence_starts", GraphBuilder.Type.INT64, "S1"));
    inputs.add(graph.input("mode", GraphBuilder.Type.INT64, "M"));
    List<String> outputs = new ArrayList<>(List.of("out", "selected"));
    if (observed) {
      inputs.addAll(List.of("", "", ""));
      AttentionAsk.declareInputs(graph, Device.CPU);
      AttentionAsk.attach(graph, Device.CPU, 0, inputs, outputs);
    }
    graph.node(
        "ssa",
        "attention",
        "Attention",
        inputs,
        outputs,
        attribute("query_heads", (long) queryHeads),
        attribute("kv_heads", (long) kvHeads),
        attribute("pool", ModelGraph.NO_POOL),
        attribute("layer", 0L),
        attribute("isa", isa.text()));
    graph.output("out", GraphBuilder.Type.FLOAT, "T", "q_width");
    graph.output("selected", GraphBuilder.Type.INT32, "T", "H", "K");
    return graph.model();
  }

  /**
   * {@code ssa.PackedAttention} over whole sequences, for fp32 inputs that are rounded first:
   * {@code packed [T, W]}, {@code positions}, {@code cos}, {@code sin} (of no rows: no rotary),
   * {@code sequence_starts}, {@code mode}, {@code decoding}.
   *
   * @param gated whether gates, behind the sigmoid, end the rows
   */
  public static byte[] cudaAttention(
      int queryHeads, int kvHeads, int headDim, boolean gated, Precision precision) {
    return cudaAttention(queryHeads, kvHeads, headDim, gated, precision, false);
  }

  /** The same with the inputs and outputs of {@link AttentionAsk}. */
  public static byte[] observedCudaAttention(
      int queryHeads, int kvHeads, int headDim, boolean gated, Precision precision) {
    return cudaAttention(queryHeads, kvHeads, headDim, gated, precision, true);
  }

  private static byte[] cudaAttention(
      int queryHeads,
      int kvHeads,
      int headDim,
      boolean gated,
      Precision precision,
      boolean observed) {
    GraphBuilder graph = new GraphBuilder();
    graph.input("packed", GraphBuilder.Type.FLOAT, "T", "W");
    graph.input("positions", GraphBuilder.Type.INT64, "T");
    ModelGraph.declareTables(graph, headDim);
    graph.input("sequence_starts", GraphBuilder.Type.INT64, "S1");
    graph.input("mode", GraphBuilder.Type.INT64, "M");
    graph.input(CudaGraph.DECODING, GraphBuilder.Type.INT64, "1");
    GraphBuilder.Type type = GraphBuilder.Type.of(precision);
    CudaGraph.pageTable(graph, kvHeads, headDim, type, ModelGraph.NO_POOL, List.of());
    graph.node("rounded", "Cast", List.of("packed"), attribute("to", (long) type.code()));
    List<String> inputs = CudaGraph.attentionInputs("rounded", false);
    List<String> outputs = new ArrayList<>(List.of("attended", "selected"));
    if (observed) {
      inputs.add("");
      AttentionAsk.declareInputs(graph, Device.CUDA);
      AttentionAsk.attach(graph, Device.CUDA, 0, inputs, outputs);
    }
    graph.node(
        "ssa",
        "attention",
        "PackedAttention",
        inputs,
        outputs,
        attribute("query_heads", (long) queryHeads),
        attribute("kv_heads", (long) kvHeads),
        attribute("head_dim", (long) headDim),
        attribute("gated", gated ? 2L : 0L),
        attribute("pool", ModelGraph.NO_POOL),
        attribute("layer", 0L));
    graph.node("out", "Cast", List.of("attended"), attribute("to", FLOAT_CODE));
    graph.output("out", GraphBuilder.Type.FLOAT, "T", "q_width");
    graph.output("selected", GraphBuilder.Type.INT32, "T", "H", "K");
    return graph.model();
  }

  /** {@code ssa.TokenLogProb} of the CUDA provider, for fp32 inputs that are rounded first. */
  public static byte[] cudaTokenLogProb(Precision precision) {
    GraphBuilder graph = new GraphBuilder();
    graph.input("hidden", GraphBuilder.Type.FLOAT, "T", "E");
    graph.input("weight", GraphBuilder.Type.FLOAT, "V", "E");
    graph.input("targets", GraphBuilder.Type.INT64, "T");
    AttributeProto to = attribute("to", (long) GraphBuilder.Type.of(precision).code());
    graph.node("rounded_hidden", "Cast", List.of("hidden"), to);
    graph.node("rounded_weight", "Cast", List.of("weight"), to);
    graph.node(
        "ssa",
        "head",
        "TokenLogProb",
        List.of("rounded_hidden", "rounded_weight", "targets"),
        List.of("logprob", "argmax", "argmax_logprob"));
    declareTokenLogProbs(graph);
    return graph.model();
  }

  /** {@code ssa.Pool} alone. */
  public static byte[] pool() {
    GraphBuilder graph = new GraphBuilder();
    graph.input("command", GraphBuilder.Type.INT64, "N");
    graph.node("ssa", "pool", "Pool", List.of("command"), List.of("report"));
    graph.output("report", GraphBuilder.Type.INT64, "words");
    return graph.model();
  }

  /** {@code ssa.TokenLogProb} alone. */
  public static byte[] tokenLogProb(Isa isa) {
    GraphBuilder graph = new GraphBuilder();
    graph.input("hidden", GraphBuilder.Type.FLOAT, "T", "E");
    graph.input("weight", GraphBuilder.Type.FLOAT, "V", "E");
    graph.input("targets", GraphBuilder.Type.INT64, "T");
    graph.node(
        "ssa",
        "head",
        "TokenLogProb",
        List.of("hidden", "weight", "targets"),
        List.of("logprob", "argmax", "argmax_logprob"),
        attribute("isa", isa.text()));
    declareTokenLogProbs(graph);
    return graph.model();
  }

  /**
   * {@code ssa.TokenDivergence} alone: {@code hidden_a [T, EA]}, {@code hidden_b [T, EB]}, {@code
   * targets [T]}; the weights {@code weight_a [V, EA]} and, unless it is the same, {@code weight_b
   * [V, EB]}.
   *
   * @param heads shapes of the weights: one that stands for both, or two
   */
  public static byte[] tokenDivergence(List<long[]> heads, Isa isa) {
    GraphBuilder graph = new GraphBuilder();
    List<String> inputs = divergenceInputs(graph, heads, GraphBuilder.Type.FLOAT);
    graph.node(
        "ssa",
        "divergence",
        "TokenDivergence",
        inputs,
        List.of("figures", "argmax"),
        attribute("isa", isa.text()));
    return divergences(graph);
  }

  /** The same of the CUDA provider: fp32 hidden states are rounded first, weights are so. */
  public static byte[] cudaTokenDivergence(List<long[]> heads, Precision precision) {
    GraphBuilder graph = new GraphBuilder();
    graph.node(
        "ssa",
        "divergence",
        "TokenDivergence",
        divergenceInputs(graph, heads, GraphBuilder.Type.of(precision)),
        List.of("figures", "argmax"));
    return divergences(graph);
  }

  private static List<String> divergenceInputs(
      GraphBuilder graph, List<long[]> heads, GraphBuilder.Type type) {
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String side = i == 0 ? "a" : "b";
      String hidden = graph.input("hidden_" + side, GraphBuilder.Type.FLOAT, "T", "E_" + side);
      inputs.add(
          type == GraphBuilder.Type.FLOAT
              ? hidden
              : graph.node(
                  "rounded_" + side, "Cast", List.of(hidden), attribute("to", (long) type.code())));
      inputs.add(
          i < heads.size() ? graph.weight("weight_" + side, type, heads.get(i)) : "weight_a");
    }
    inputs.add(graph.input("targets", GraphBuilder.Type.INT64, "T"));
    return inputs;
  }

  private static byte[] divergences(GraphBuilder graph) {
    graph.output("figures", GraphBuilder.Type.DOUBLE, "T", "5");
    graph.output("argmax", GraphBuilder.Type.INT32, "T", "2");
    return graph.model();
  }

  /**
   * A vocabulary head alone: {@code hidden [T, E]}, weight {@code weight [V, E]}, {@code logits [T,
   * V]}.
   */
  public static byte[] logits(long[] head) {
    GraphBuilder graph = new GraphBuilder();
    String hidden = graph.input("hidden", GraphBuilder.Type.FLOAT, "T", "E");
    String weight = graph.weight("weight", head);
    graph.node("logits", "Gemm", List.of(hidden, weight), attribute("transB", 1L));
    graph.output("logits", GraphBuilder.Type.FLOAT, "T", "V");
    return graph.model();
  }

  private static void declareTokenLogProbs(GraphBuilder graph) {
    graph.output("logprob", GraphBuilder.Type.FLOAT, "T");
    graph.output("argmax", GraphBuilder.Type.INT32, "T");
    graph.output("argmax_logprob", GraphBuilder.Type.FLOAT, "T");
  }
}
