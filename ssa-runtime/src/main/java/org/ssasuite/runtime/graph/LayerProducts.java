package org.ssasuite.runtime.graph;

import static org.ssasuite.runtime.graph.GraphBuilder.attribute;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.runtime.checkpoint.ModelLayout;

/**
 * The products of a layer's input with its matrices, in a graph that is being written.
 *
 * @param weights where the graph has the tensors, alone or joined
 */
record LayerProducts(GraphBuilder graph, ModelLayout layout, GraphWeights.Declared weights) {
  /**
   * x W^T + b with the weight, [out, in], that holds a matrix, and the bias, if it has one, that
   * goes with it: what they hold beside it comes along.
   */
  String of(String name, String input, ModelLayout.Tensor matrix) {
    List<String> inputs = new ArrayList<>(List.of(input, weights.of(matrix)));
    layout.bias(matrix).map(weights::of).ifPresent(inputs::add);
    return graph.node(name, "Gemm", inputs, attribute("transB", 1L));
  }

  /** Rows cut into stretches of these widths, named in their order. */
  List<String> cut(String input, List<String> names, long... widths) {
    String sizes = graph.numbers(input + "_widths", widths);
    graph.node("", input + "_cut", "Split", List.of(input, sizes), names, attribute("axis", 1L));
    return names;
  }

  /** A value times a number; itself times 1. */
  String times(String name, String value, double number) {
    return number == 1
        ? value
        : graph.node(name, "Mul", List.of(value, graph.scalar(name + "_number", (float) number)));
  }

  /** RMSNorm over the last axis. */
  String normed(String name, String input, ModelLayout.Tensor weight, double epsilon) {
    return graph.node(
        name,
        "RMSNormalization",
        List.of(input, weights.of(weight)),
        attribute("axis", -1L),
        attribute("epsilon", (float) epsilon));
  }
}
