package org.ssasuite.trainer.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.attention.BranchForward;
import org.ssasuite.trainer.attention.BranchGradients;
import org.ssasuite.trainer.engine.Graph;
import org.ssasuite.trainer.engine.TensorOwner;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.model.Continuation.Attended;
import org.ssasuite.trainer.model.LayerAttention.GatedBranch;
import org.ssasuite.trainer.model.LayerAttention.Streamed;

/**
 * One layer, forward and backward. The graph is cut at the attention, whose kernels know their own
 * gradients: autograd goes from the residual stream behind the layer back to the branches' outputs
 * ({@link Continuation}), the kernels to queries, keys and values, autograd again to the residual
 * stream before the layer ({@link Projection}). Between forward and backward only the layer's input
 * and what the attention gave are kept; the two graphs are built anew going back.
 */
final class LayerPass {
  private final LayerContext layer;
  private final LayerAttention attention;
  private final AttentionKernels kernels;

  LayerPass(LayerContext layer, LayerAttention attention, AttentionKernels kernels) {
    this.layer = layer;
    this.attention = attention;
    this.kernels = kernels;
  }

  /**
   * What the way back needs, until it is closed.
   *
   * @param input [T, E], the layer's
   */
  record Kept(
      TensorOwner owner, Tensor input, List<BranchForward> main, List<BranchForward> counterpart)
      implements AutoCloseable {
    private static Kept of(Tensor input, List<BranchForward> main, List<BranchForward> other) {
      TensorOwner owner = new TensorOwner();
      owner.own(input);
      for (List<BranchForward> stream : List.of(main, other)) {
        for (BranchForward branch : stream) {
          owner.own(branch.out());
          owner.own(branch.logSumExp());
          branch.selected().ifPresent(owner::own);
        }
      }
      return new Kept(owner, input, main, other);
    }

    Attended attended() {
      return new Attended(
          main.stream().map(BranchForward::out).toList(),
          counterpart.stream().map(BranchForward::out).toList());
    }

    @Override
    public void close() {
      owner.close();
    }
  }

  /**
   * The layer's result.
   *
   * @param residual [T, E]
   */
  record Forward(Tensor residual, Kept kept) {}

  /**
   * Goes forward.
   *
   * @param input [T, E], wide
   */
  Forward forward(Tensor input) {
    try (TensorScope scope = new TensorScope()) {
      Projection projection = Projection.of(layer, input);
      List<BranchForward> main = run(attention.main(), projection);
      List<BranchForward> other =
          attention.counterpart().map(c -> run(c.stream(), projection)).orElse(List.of());
      Kept kept = Kept.of(input, main, other);
      LayerAttention mainOnly = new LayerAttention(attention.main(), Optional.empty());
      Attended attended = new Attended(kept.attended().main(), List.of());
      Continuation continuation =
          Continuation.of(layer, mainOnly, input, attended, projection.gates());
      return new Forward(scope.keep(continuation.residual()), kept);
    }
  }

  private List<BranchForward> run(Streamed stream, Projection p) {
    List<BranchForward> forwards = new ArrayList<>();
    for (GatedBranch branch : stream.branches()) {
      forwards.add(
          kernels.forward(
              branch.branch(),
              p.q().contiguous(),
              p.k().contiguous(),
              p.v().contiguous(),
              stream.starts()));
    }
    return forwards;
  }

  /**
   * Gradients of the layer's input; those of its weights are added to the parameters'.
   *
   * @param input [T, E]
   * @param alignment the layer's alignment loss before its weight, if there is a counterpart
   */
  record Backward(Tensor input, Optional<Tensor> alignment) {}

  /**
   * Goes back, through what {@link #forward} kept.
   *
   * @param gradient [T, E] of the layer's result
   * @param alignmentFactor what the layer's alignment loss is multiplied with in the whole loss
   */
  Backward backward(Kept kept, Tensor gradient, Tensor alignmentFactor, AttentionWatch watch) {
    try (TensorScope scope = new TensorScope()) {
      Projection projection = Graph.recorded(() -> Projection.of(layer, kept.input()));
      Continuation continuation =
          Graph.recorded(
              () ->
                  Continuation.of(
                      layer, attention, kept.input(), kept.attended(), projection.gates()));
      List<Tensor> upstream = new ArrayList<>(List.of(gradient));
      continuation.alignment().ifPresent(a -> upstream.add(alignmentFactor));
      Found behind = new Found(continuation.graph().backward(upstream));
      Tensor direct = behind.next().orElseThrow();

      HeadGradients heads = new HeadGradients(projection);
      goBack(attention.main(), kept.main(), behind, heads, watch);
      attention
          .counterpart()
          .ifPresent(c -> goBack(c.stream(), kept.counterpart(), behind, heads, watch));
      Optional<Tensor> gates =
          projection.gates().map(g -> behind.next().orElseGet(() -> torch.zeros_like(g)));
      layer.parameters().addGradients(continuation.weights(), behind.rest());

      Found before = new Found(projection.graph().backward(heads.and(gates)));
      Tensor input = direct.add(before.next().orElseThrow());
      layer.parameters().addGradients(projection.weights(), before.rest());
      return new Backward(
          scope.keep(input), continuation.alignment().map(a -> scope.keep(a.detach())));
    }
  }

  private void goBack(
      Streamed stream,
      List<BranchForward> forwards,
      Found outs,
      HeadGradients heads,
      AttentionWatch watch) {
    for (int i = 0; i < forwards.size(); i++) {
      Optional<Tensor> gradient = outs.next();
      if (gradient.isPresent()) {
        AttentionBackward call =
            new AttentionBackward(
                stream.branches().get(i).branch(),
                heads.projection.q().detach().contiguous(),
                heads.projection.k().detach().contiguous(),
                heads.projection.v().detach().contiguous(),
                stream.starts(),
                forwards.get(i),
                gradient.get().to(layer.engine().narrow()).contiguous());
        watch.seen(layer.index(), call, kernels);
        heads.add(call.run(kernels));
      }
    }
  }

  /** Gradients in the order of a graph's leaves. */
  private static final class Found {
    private final List<Optional<Tensor>> gradients;
    private int next;

    Found(List<Optional<Tensor>> gradients) {
      this.gradients = gradients;
    }

    Optional<Tensor> next() {
      return gradients.get(next++);
    }

    List<Optional<Tensor>> rest() {
      return gradients.subList(next, gradients.size());
    }
  }

  /** Sums over branches of the gradients of queries, keys and values. */
  private static final class HeadGradients {
    private final Projection projection;
    private Optional<BranchGradients> sum = Optional.empty();

    HeadGradients(Projection projection) {
      this.projection = projection;
    }

    void add(BranchGradients more) {
      sum =
          Optional.of(
              sum.map(
                      s ->
                          new BranchGradients(
                              s.dq().add(more.dq()), s.dk().add(more.dk()), s.dv().add(more.dv())))
                  .orElse(more));
    }

    List<Tensor> and(Optional<Tensor> gates) {
      BranchGradients all = sum.orElseThrow();
      List<Tensor> upstream = new ArrayList<>(List.of(all.dq(), all.dk(), all.dv()));
      gates.ifPresent(upstream::add);
      return upstream;
    }
  }
}
