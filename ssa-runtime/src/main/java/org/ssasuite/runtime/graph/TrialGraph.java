package org.ssasuite.runtime.graph;

import static org.ssasuite.runtime.graph.GraphBuilder.attribute;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.runtime.engine.Precision;

/**
 * A graph for the CUDA provider in which one operator stands several times over weights of random
 * values, to be timed. Its outputs are small. Mutable while it is written.
 */
public final class TrialGraph {
  private final Precision precision;
  private final GraphBuilder graph = new GraphBuilder();
  private final Map<String, List<Long>> weights = new LinkedHashMap<>();
  private final List<String> outputs = new ArrayList<>();

  private TrialGraph(Precision precision) {
    this.precision = precision;
  }

  /** Heads of queries and of keys and values, and their dimension. */
  public record Heads(int query, int kv, int dim) {
    int packedWidth() {
      return (query + 2 * kv) * dim;
    }
  }

  /**
   * A chain of MatMul over [n, n]; inputs {@code one [1]}, the number 1, and {@code row [1]}, which
   * row of the last is wanted.
   */
  public static TrialGraph products(int n, int nodes, Precision precision) {
    TrialGraph trial = new TrialGraph(precision);
    GraphBuilder graph = trial.graph;
    graph.input("one", GraphBuilder.Type.FLOAT, "1");
    long type = trial.type().code();
    graph.node("typed_one", "Cast", List.of("one"), attribute("to", type));
    // Two weights alone would be multiplied once and for all when the graph is loaded.
    String x = graph.node("x0", "Mul", List.of(trial.weight("x", n, n), "typed_one"));
    String w = trial.weight("w", n, n);
    for (int i = 1; i <= nodes; i++) {
      x = graph.node("x" + i, "MatMul", List.of(x, w));
    }
    graph.input("row", GraphBuilder.Type.INT64, "1");
    graph.node("last", "Gather", List.of(x, "row"));
    graph.node(
        "y", "Cast", List.of("last"), attribute("to", (long) GraphBuilder.Type.FLOAT.code()));
    trial.output("y", GraphBuilder.Type.FLOAT, "1", Integer.toString(n));
    return trial;
  }

  /** {@code ssa.PackedAttention} over the same rows; inputs as {@link OperatorGraph} has them. */
  public static TrialGraph attention(int tokens, Heads heads, int nodes, Precision precision) {
    TrialGraph trial = new TrialGraph(precision);
    GraphBuilder graph = trial.graph;
    graph.input("positions", GraphBuilder.Type.INT64, "T");
    ModelGraph.declareTables(graph, heads.dim());
    graph.input("sequence_starts", GraphBuilder.Type.INT64, "S1");
    graph.input("mode", GraphBuilder.Type.INT64, "4");
    graph.input(CudaGraph.DECODING, GraphBuilder.Type.INT64, "1");
    CudaGraph.pageTable(
        graph, heads.kv(), heads.dim(), trial.type(), ModelGraph.NO_POOL, List.of());
    String packed = trial.weight("packed", tokens, heads.packedWidth());
    for (int i = 0; i < nodes; i++) {
      graph.node(
          "ssa",
          "attention_" + i,
          "PackedAttention",
          CudaGraph.attentionInputs(packed, false),
          List.of("out_" + i, ModelGraph.selected(i)),
          attribute("query_heads", (long) heads.query()),
          attribute("kv_heads", (long) heads.kv()),
          attribute("head_dim", (long) heads.dim()),
          attribute("gated", 0L),
          attribute("pool", ModelGraph.NO_POOL),
          attribute("layer", 0L));
      trial.output(ModelGraph.selected(i), GraphBuilder.Type.INT32, "T", "H", "K");
    }
    return trial;
  }

  /** {@code ssa.TokenLogProb} of the same rows; input {@code targets [T]}. */
  public static TrialGraph heads(
      int rows, int vocabulary, int width, int nodes, Precision precision) {
    TrialGraph trial = new TrialGraph(precision);
    trial.graph.input("targets", GraphBuilder.Type.INT64, "T");
    String hidden = trial.weight("hidden", rows, width);
    String weight = trial.weight("weight", vocabulary, width);
    for (int i = 0; i < nodes; i++) {
      trial.graph.node(
          "ssa",
          "head_" + i,
          "TokenLogProb",
          List.of(hidden, weight, "targets"),
          List.of("logprob_" + i, "argmax_" + i, "argmax_logprob_" + i));
      trial.output("logprob_" + i, GraphBuilder.Type.FLOAT, "T");
    }
    return trial;
  }

  private String weight(String name, long rows, long columns) {
    weights.put(name, List.of(rows, columns));
    return graph.weight(name, type(), rows, columns);
  }

  private void output(String name, GraphBuilder.Type type, String... axes) {
    graph.output(name, type, axes);
    outputs.add(name);
  }

  /** The shapes of the weights, by name. */
  public Map<String, List<Long>> weights() {
    return Collections.unmodifiableMap(weights);
  }

  public List<String> outputs() {
    return Collections.unmodifiableList(outputs);
  }

  /** What the weights are stored in. */
  public Precision precision() {
    return precision;
  }

  /** The weights' type. */
  public GraphBuilder.Type type() {
    return GraphBuilder.Type.of(precision);
  }

  /** Serialised, once. */
  public byte[] model() {
    return graph.model();
  }
}
