package org.ssasuite.runtime.graph;

import static org.ssasuite.runtime.graph.GraphBuilder.attribute;

import java.util.List;

/**
 * What a model's graph has for observations beside its attention operators' ({@link AttentionAsk}):
 * an input {@code residual_totals [L, S, B, 2]} and outputs {@code residual_<layer>}.
 */
public final class ObservedGraph {
  /** Why there are no masses on needles, and no forced blocks, on a CUDA device. */
  public static final String NEEDLES_CPU_ONLY =
      "masses on needles are told, and their blocks forced, on the CPU only";

  /** Name of the input with the residual stream's magnitudes so far. */
  public static final String RESIDUAL_TOTALS = "residual_totals";

  private ObservedGraph() {}

  /** Name of the output with the magnitudes of the residual stream that enters a layer. */
  public static String residual(int layer) {
    return "residual_" + layer;
  }

  /** Declares what a model has more than a single operator. */
  static void declareResidual(GraphBuilder graph) {
    graph.input(RESIDUAL_TOTALS, GraphBuilder.Type.DOUBLE, "L", "S", "B", "2");
  }

  /** Looks at the residual stream that enters a layer, over the queries of the statistics. */
  static void observeResidual(GraphBuilder graph, int layer, String hidden) {
    String ranges = AttentionAsk.STATISTICS.inputs().get(1).name();
    graph.node(
        "ssa",
        residual(layer),
        "ResidualRange",
        List.of(hidden, "sequence_starts", "past_tokens", ranges, RESIDUAL_TOTALS),
        List.of(residual(layer)),
        attribute("layer", (long) layer));
    graph.output(residual(layer), GraphBuilder.Type.DOUBLE, "S", "B", "2");
  }
}
