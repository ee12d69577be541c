package org.ssasuite.runtime.graph;

import static org.ssasuite.runtime.graph.GraphBuilder.attribute;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.runtime.Isa;

/** Graphs of one operator, so that a kernel can be run without a model. */
public final class OperatorGraph {
  private OperatorGraph() {}

  /**
   * {@code ssa.Attention} alone; absent optional inputs are no inputs of the graph.
   *
   * @param gated whether gates are among the inputs
   * @param rotary whether there are inputs {@code positions}, {@code cos} and {@code sin}
   */
  public static byte[] attention(
      int queryHeads, int kvHeads, boolean gated, boolean rotary, Isa isa) {
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
    inputs.add(graph.input("mode", GraphBuilder.Type.INT64, "4"));
    graph.node(
        "ssa",
        "attention",
        "Attention",
        inputs,
        List.of("out", "selected"),
        attribute("query_heads", (long) queryHeads),
        attribute("kv_heads", (long) kvHeads),
        attribute("pool", ModelGraph.NO_POOL),
        attribute("layer", 0L),
        attribute("isa", isa.text()));
    graph.output("out", GraphBuilder.Type.FLOAT, "T", "q_width");
    graph.output("selected", GraphBuilder.Type.INT32, "T", "H", "K");
    return graph.model();
  }

  /** {@code ssa.Pool} alone. */
  public static byte[] pool() {
    GraphBuilder graph = new GraphBuilder();
    graph.input("command", GraphBuilder.Type.INT64, "N");
    graph.node("ssa", "pool", "Pool", List.of("command"), List.of("report"));
    graph.output("report", GraphBuilder.Type.INT64, "5");
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
    graph.output("logprob", GraphBuilder.Type.FLOAT, "T");
    graph.output("argmax", GraphBuilder.Type.INT32, "T");
    graph.output("argmax_logprob", GraphBuilder.Type.FLOAT, "T");
    return graph.model();
  }
}
