package org.ssasuite.trainer.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.trainer.engine.Graph;
import org.ssasuite.trainer.model.LayerAttention.GatedBranch;
import org.ssasuite.trainer.model.LayerAttention.Streamed;
import org.ssasuite.trainer.recipe.Alignment;

/**
 * A layer behind its attention: gates, output projection and residual, then RMSNorm and SwiGLU; and
 * how far the two streams' outputs are apart.
 *
 * @param residual [T, E], the layer's result
 * @param alignment the two terms together, before their weight, a scalar; absent without
 *     counterpart
 * @param graph leaves: the residual stream, the branches' outputs of the main stream, those of the
 *     counterpart, the gates if there are any, the weights; results: residual, alignment
 * @param weights names of the graph's last leaves
 */
record Continuation(
    Tensor residual, Optional<Tensor> alignment, Graph graph, List<String> weights) {
  /** What attention gave: outputs [T, HQ, D] of the branches of both streams. */
  record Attended(List<Tensor> main, List<Tensor> counterpart) {}

  /**
   * Computes it.
   *
   * @param input [T, E], the layer's
   * @param gates [T, HQ, 3]
   */
  static Continuation of(
      LayerContext layer,
      LayerAttention attention,
      Tensor input,
      Attended attended,
      Optional<Tensor> gates) {
    Tensor x = Graph.leaf(input);
    List<Tensor> leaves = new ArrayList<>(List.of(x));
    List<Tensor> main = leavesOf(attended.main(), leaves);
    List<Tensor> counterpart = leavesOf(attended.counterpart(), leaves);
    Optional<Tensor> opened = gates.map(Graph::leaf);
    opened.ifPresent(leaves::add);
    List<String> names = new ArrayList<>();

    Tensor gated = gated(layer, attention.main(), main, opened);
    Tensor outputWeight = layer.take(Role.OUTPUT, names, leaves);
    Tensor joined = gated.to(layer.engine().narrow()).flatten(1, 2);
    Tensor y = x.add(torch.linear(joined, outputWeight));
    Tensor residual = y.add(swiGlu(layer, y, names, leaves));
    Optional<Tensor> alignment =
        attention
            .counterpart()
            .map(
                other ->
                    switch (other.alignment().point()) {
                      case AFTER_GATE ->
                          distance(other, gated, gated(layer, other.stream(), counterpart, opened));
                      case BEFORE_GATE ->
                          distance(
                              other,
                              gated(layer, attention.main(), main, Optional.empty()),
                              gated(layer, other.stream(), counterpart, Optional.empty()));
                    });
    List<Tensor> results = new ArrayList<>(List.of(residual));
    alignment.ifPresent(results::add);
    return new Continuation(residual, alignment, new Graph(leaves, results), names);
  }

  private static List<Tensor> leavesOf(List<Tensor> tensors, List<Tensor> leaves) {
    List<Tensor> made = tensors.stream().map(Graph::leaf).toList();
    leaves.addAll(made);
    return made;
  }

  /** [T, HQ, D], wide: the sum over branches of gate · output; without gates they are 1. */
  private static Tensor gated(
      LayerContext layer, Streamed stream, List<Tensor> outs, Optional<Tensor> gates) {
    Optional<Tensor> sum = Optional.empty();
    for (int i = 0; i < outs.size(); i++) {
      GatedBranch branch = stream.branches().get(i);
      Tensor wide = outs.get(i).to(layer.engine().wide());
      Tensor weighed = gates.map(g -> wide.mul(g.narrow(2, branch.gate(), 1))).orElse(wide);
      sum = Optional.of(sum.map(s -> s.add(weighed)).orElse(weighed));
    }
    return sum.orElseThrow();
  }

  private static Tensor swiGlu(
      LayerContext layer, Tensor y, List<String> names, List<Tensor> leaves) {
    Tensor h = Projection.normed(layer, y, layer.take(Role.POST_NORM, names, leaves));
    Tensor gate = torch.silu(torch.linear(h, layer.take(Role.FEED_GATE, names, leaves)));
    Tensor up = torch.linear(h, layer.take(Role.FEED_UP, names, leaves));
    return torch.linear(gate.mul(up), layer.take(Role.FEED_DOWN, names, leaves));
  }

  private static Tensor distance(
      LayerAttention.Counterpart other, Tensor main, Tensor counterpart) {
    Tensor full = other.mainIsFull() ? main : counterpart;
    Tensor sparse = other.mainIsFull() ? counterpart : main;
    Alignment.Norm norm = other.alignment().norm();
    return switch (other.alignment().directions()) {
      case BOTH -> pulled(norm, full, sparse).add(pulled(norm, sparse, full));
      case FULL_TO_SPARSE -> pulled(norm, full, sparse);
      case SPARSE_TO_FULL -> pulled(norm, sparse, full);
      case NONE -> throw new IllegalStateException("a counterpart without a direction");
    };
  }

  /** The mean distance of one stream to another one that stays where it is. */
  private static Tensor pulled(Alignment.Norm norm, Tensor stream, Tensor target) {
    return switch (norm) {
      case SMOOTH_L1 -> torch.smooth_l1_loss(stream, target.detach());
      case L2 -> torch.mse_loss(stream, target.detach());
    };
  }
}
