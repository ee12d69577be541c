package org.ssasuite.trainer.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.trainer.engine.Graph;

/**
 * A layer up to its attention: RMSNorm, then queries, keys, values and gates.
 *
 * @param q [T, HQ, D], turned
 * @param k [T, H, D], turned
 * @param v [T, H, D]
 * @param gates [T, HQ, 3] after the sigmoid, in the wide format; absent in a model without
 * @param graph from the residual stream and the weights to these
 * @param weights names of the graph's leaves behind the first
 */
record Projection(
    Tensor q, Tensor k, Tensor v, Optional<Tensor> gates, Graph graph, List<String> weights) {
  /**
   * Computes it.
   *
   * @param residual [T, E]
   */
  static Projection of(LayerContext layer, Tensor residual) {
    Tensor x = Graph.leaf(residual);
    long tokens = x.size(0);
    int headDim = layer.config().headDim();
    List<String> names = new ArrayList<>();
    List<Tensor> leaves = new ArrayList<>(List.of(x));
    layer.take(Role.INPUT_NORM, names, leaves);
    Tensor h = normed(layer, x, leaves.get(1));
    layer.take(Role.QUERY, names, leaves);
    layer.take(Role.KEY, names, leaves);
    layer.take(Role.VALUE, names, leaves);
    Tensor q = turned(layer, torch.linear(h, leaves.get(2)).view(tokens, -1, headDim));
    Tensor k = turned(layer, torch.linear(h, leaves.get(3)).view(tokens, -1, headDim));
    Tensor v = torch.linear(h, leaves.get(4)).view(tokens, -1, headDim);
    Optional<Tensor> gates = Optional.empty();
    if (layer.gated()) {
      Tensor weight = layer.take(Role.GATES, names, leaves);
      gates = Optional.of(opened(layer, torch.linear(h, weight).view(tokens, -1, 3)));
    }
    List<Tensor> results = new ArrayList<>(List.of(q, k, v));
    gates.ifPresent(results::add);
    return new Projection(q, k, v, gates, new Graph(leaves, results), names);
  }

  /** RMSNorm in the wide format, rounded for the products behind it. */
  static Tensor normed(LayerContext layer, Tensor x, Tensor weight) {
    return torch
        .rms_norm(
            x,
            new long[] {x.size(1)},
            new TensorOptional(weight),
            new DoubleOptional(layer.config().normEpsilon()))
        .to(layer.engine().narrow());
  }

  private static Tensor turned(LayerContext layer, Tensor x) {
    return layer.angles().turn(x.to(layer.engine().wide())).to(layer.engine().narrow());
  }

  private static Tensor opened(LayerContext layer, Tensor x) {
    return torch.sigmoid(x.to(layer.engine().wide()));
  }
}
