package org.ssasuite.runtime.graph;

import java.util.List;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;

/**
 * What {@code ssa.Attention} is given of a layer: queries [T, HQ x D], keys and values [T, H x D],
 * before they are turned.
 */
record HeadInputs(String queries, String keys, String values) {
  /** Writes the nodes that make them of a layer's input, behind its norm. */
  static HeadInputs of(LayerProducts products, ModelConfig config, int layer, String normed) {
    ModelLayout layout = products.layout();
    String queries = products.of("q_" + layer, normed, layout.get(layer, Role.QUERY));
    String keys = products.of("k_" + layer, normed, layout.get(layer, Role.KEY));
    String values = products.of("v_" + layer, normed, layout.get(layer, Role.VALUE));
    if (layout.headNorms()) {
      Heads heads = new Heads(products, config, layer);
      queries = heads.normed(queries, Role.QUERY_NORM, config.queryHeads());
      keys = heads.normed(keys, Role.KEY_NORM, config.kvHeads());
    }
    return new HeadInputs(queries, keys, values);
  }

  /** What is done to each head of a layer by itself. */
  private record Heads(LayerProducts products, ModelConfig config, int layer) {
    String normed(String rows, Role norm, int heads) {
      GraphBuilder graph = products.graph();
      String apart = apart(rows, heads);
      String normed =
          products.normed(
              rows + "_normed", apart, products.layout().get(layer, norm), config.normEpsilon());
      return together(graph, normed, heads);
    }

    /** [T, heads, D]; a 0 in a shape stands for the axis as it is. */
    private String apart(String rows, int heads) {
      GraphBuilder graph = products.graph();
      String shape = graph.numbers(rows + "_heads_shape", 0, heads, config.headDim());
      return graph.node(rows + "_heads", "Reshape", List.of(rows, shape));
    }

    private String together(GraphBuilder graph, String heads, int count) {
      String shape = graph.numbers(heads + "_shape", 0, (long) count * config.headDim());
      return graph.node(heads + "_rows", "Reshape", List.of(heads, shape));
    }
  }
}
