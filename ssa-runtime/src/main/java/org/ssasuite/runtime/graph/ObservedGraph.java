package org.ssasuite.runtime.graph;

import static org.ssasuite.runtime.graph.GraphBuilder.attribute;

import java.util.List;

/**
 * What a graph has for attention statistics, which a run may ask for: inputs {@code statistics [1 +
 * 2 N]}, {@code ranges [S, 2]}, {@code totals [L, S, B, HQ x columns]}; of a model also {@code
 * residual_totals [L, S, B, 2]}, and outputs {@code sums_<layer>}, {@code residual_<layer>}. For
 * masses on stretches of keys {@code span_queries [S, 2]}, {@code spans [N, 3]}, and outputs {@code
 * masses_<layer> [R, HQ, 2]}; for blocks that are taken before others {@code forced [F, 3]}.
 */
public final class ObservedGraph {
  /** Why there are no masses on needles, and no forced blocks, on a CUDA device. */
  public static final String NEEDLES_CPU_ONLY =
      "masses on needles are told, and their blocks forced, on the CPU only";

  /** Name of the input with the residual stream's magnitudes so far. */
  public static final String RESIDUAL_TOTALS = "residual_totals";

  /** Name of the input that says which statistics are made. */
  public static final String STATISTICS = "statistics";

  /** Name of the input with the queries of each sequence over which they are made. */
  public static final String RANGES = "ranges";

  /** Name of the input with the sums so far. */
  public static final String TOTALS = "totals";

  /** Name of the input with the queries of each sequence whose masses are told. */
  public static final String SPAN_QUERIES = "span_queries";

  /** Name of the input with the stretches of keys. */
  public static final String SPANS = "spans";

  /** Name of the input with the blocks that are taken before others. */
  public static final String FORCED = "forced";

  private ObservedGraph() {}

  /** Name of the output with a layer's masses on stretches of keys. */
  public static String masses(int layer) {
    return "masses_" + layer;
  }

  /** Name of the output with a layer's sums. */
  public static String sums(int layer) {
    return "sums_" + layer;
  }

  /** Name of the output with the magnitudes of the residual stream that enters a layer. */
  public static String residual(int layer) {
    return "residual_" + layer;
  }

  /** Declares what a model has more than a single operator. */
  static void declareResidual(GraphBuilder graph) {
    graph.input(RESIDUAL_TOTALS, GraphBuilder.Type.DOUBLE, "L", "S", "B", "2");
  }

  /** Looks at the residual stream that enters a layer. */
  static void observeResidual(GraphBuilder graph, int layer, String hidden) {
    graph.node(
        "ssa",
        residual(layer),
        "ResidualRange",
        List.of(hidden, "sequence_starts", "past_tokens", RANGES, RESIDUAL_TOTALS),
        List.of(residual(layer)),
        attribute("layer", (long) layer));
    graph.output(residual(layer), GraphBuilder.Type.DOUBLE, "S", "B", "2");
  }

  /** The attention operator's inputs, and its outputs of sums and masses. */
  static void observeAttention(
      GraphBuilder graph, int layer, List<String> inputs, List<String> outputs) {
    inputs.addAll(List.of(STATISTICS, RANGES, TOTALS, SPAN_QUERIES, SPANS, FORCED));
    outputs.addAll(List.of(sums(layer), masses(layer)));
    graph.output(sums(layer), GraphBuilder.Type.DOUBLE, "S", "B", "sums_width");
    graph.output(masses(layer), GraphBuilder.Type.DOUBLE, "R", "HQ", "2");
  }

  /** The CUDA provider's attention operator's inputs and its output of sums. */
  static void observeCudaAttention(
      GraphBuilder graph, int layer, List<String> inputs, List<String> outputs) {
    inputs.addAll(List.of(STATISTICS, RANGES, TOTALS));
    outputs.add(sums(layer));
    graph.output(sums(layer), GraphBuilder.Type.DOUBLE, "S", "B", "sums_width");
  }

  /** Declares that operator's inputs. */
  static void declareCudaInputs(GraphBuilder graph) {
    graph.input(STATISTICS, GraphBuilder.Type.INT64, "N");
    graph.input(RANGES, GraphBuilder.Type.INT64, "S", "2");
    graph.input(TOTALS, GraphBuilder.Type.DOUBLE, "L", "S", "B", "sums_width");
  }

  /** Declares the attention operator's inputs. */
  static void declareInputs(GraphBuilder graph) {
    graph.input(STATISTICS, GraphBuilder.Type.INT64, "N");
    graph.input(RANGES, GraphBuilder.Type.INT64, "S", "2");
    graph.input(TOTALS, GraphBuilder.Type.DOUBLE, "L", "S", "B", "sums_width");
    graph.input(SPAN_QUERIES, GraphBuilder.Type.INT64, "S", "2");
    graph.input(SPANS, GraphBuilder.Type.INT64, "span_rows", "3");
    graph.input(FORCED, GraphBuilder.Type.INT64, "forced_rows", "3");
  }
}
