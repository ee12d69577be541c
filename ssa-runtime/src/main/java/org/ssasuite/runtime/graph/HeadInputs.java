package org.ssasuite.runtime.graph;

import static org.ssasuite.runtime.graph.GraphBuilder.attribute;

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
    HeadInputs plain = projected(products, config, layer, normed);
    ModelLayout layout = products.layout();
    String queries = plain.queries();
    String keys = plain.keys();
    Heads ofQueries = new Heads(products, config, config.queryHeads());
    Heads ofKeys = new Heads(products, config, config.kvHeads());
    if (layout.headNorms()) {
      queries = ofQueries.normed(queries, layout.get(layer, Role.QUERY_NORM));
      keys = ofKeys.normed(keys, layout.get(layer, Role.KEY_NORM));
    }
    queries = products.times("q_times_" + layer, queries, config.departures().scores());
    if (config.turnedDim() < config.headDim()) {
      queries = ofQueries.halved(queries);
      keys = ofKeys.halved(keys);
    }
    return new HeadInputs(queries, keys, plain.values());
  }

  private static HeadInputs projected(
      LayerProducts products, ModelConfig config, int layer, String normed) {
    ModelLayout layout = products.layout();
    List<String> names = List.of("q_" + layer, "k_" + layer, "v_" + layer);
    if (layout.joined()) {
      String all = products.of("qkv_" + layer, normed, layout.get(layer, Role.JOINED_INPUTS));
      long keys = (long) config.kvHeads() * config.headDim();
      products.cut(all, names, (long) config.queryHeads() * config.headDim(), keys, keys);
    } else {
      products.of(names.get(0), normed, layout.get(layer, Role.QUERY));
      products.of(names.get(1), normed, layout.get(layer, Role.KEY));
      products.of(names.get(2), normed, layout.get(layer, Role.VALUE));
    }
    return new HeadInputs(names.get(0), names.get(1), names.get(2));
  }

  /** What is done to each of so many heads by itself. */
  private record Heads(LayerProducts products, ModelConfig config, int count) {
    String normed(String rows, ModelLayout.Tensor norm) {
      String heads = apart(rows);
      return together(products.normed(rows + "_normed", heads, norm, config.normEpsilon()));
    }

    /**
     * The features of each head in an order in which those that turn together, half of the turned
     * ones apart, are half of the head apart, as the operator turns them. The others stand behind
     * each half; queries and keys have one order, so that their products stay.
     */
    String halved(String rows) {
      GraphBuilder graph = products.graph();
      int turned = config.turnedDim() / 2;
      int still = config.headDim() / 2 - turned;
      String sizes = graph.numbers(rows + "_quarters", turned, turned, still, still);
      List<String> parts =
          List.of(rows + "_low", rows + "_high", rows + "_still_low", rows + "_still_high");
      graph.node(
          "", rows + "_parts", "Split", List.of(apart(rows), sizes), parts, attribute("axis", 2L));
      return together(
          graph.node(
              rows + "_halved",
              "Concat",
              List.of(parts.get(0), parts.get(2), parts.get(1), parts.get(3)),
              attribute("axis", 2L)));
    }

    /** [T, heads, D]; a 0 in a shape stands for the axis as it is. */
    private String apart(String rows) {
      GraphBuilder graph = products.graph();
      String shape = graph.numbers(rows + "_heads_shape", 0, count, config.headDim());
      return graph.node(rows + "_heads", "Reshape", List.of(rows, shape));
    }

    private String together(String heads) {
      GraphBuilder graph = products.graph();
      String shape = graph.numbers(heads + "_rows_shape", 0, (long) count * config.headDim());
      return graph.node(heads + "_rows", "Reshape", List.of(heads, shape));
    }
  }
}
