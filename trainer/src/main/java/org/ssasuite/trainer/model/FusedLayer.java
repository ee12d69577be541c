package org.ssasuite.trainer.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.attention.BranchForward;
import org.ssasuite.trainer.attention.BranchGradients;
import org.ssasuite.trainer.attention.LayerKernels;
import org.ssasuite.trainer.attention.LayerKernels.Gated;
import org.ssasuite.trainer.attention.LayerKernels.Norm;
import org.ssasuite.trainer.attention.LayerKernels.Pull;
import org.ssasuite.trainer.engine.TensorOwner;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.model.LayerAttention.Counterpart;
import org.ssasuite.trainer.model.LayerAttention.GatedBranch;
import org.ssasuite.trainer.model.LayerAttention.Streamed;
import org.ssasuite.trainer.recipe.Alignment;

/**
 * One layer on a CUDA device in bf16, forward and backward, without autograd: products by libtorch,
 * attention by its kernels, all between them by {@link LayerKernels}. Computes what {@link
 * LayerPass} does.
 */
final class FusedLayer {
  private final LayerContext layer;
  private final FusedWeights weights;
  private final LayerAttention attention;
  private final AttentionKernels kernels;
  private final FusedTensors tensors;
  private final LayerKernels.Heads heads;

  FusedLayer(
      LayerContext layer,
      FusedWeights weights,
      LayerAttention attention,
      AttentionKernels kernels,
      FusedTensors tensors) {
    this.layer = layer;
    this.weights = weights;
    this.attention = attention;
    this.kernels = kernels;
    this.tensors = tensors;
    this.heads =
        new LayerKernels.Heads(
            layer.config().queryHeads(),
            layer.config().kvHeads(),
            layer.config().headDim(),
            layer.gated(),
            layer.angles().cos(),
            layer.angles().sin());
  }

  /**
   * The residual stream: a sum that the next norm makes.
   *
   * @param base [T, E] wide
   * @param added [T, E] narrow
   */
  record Flow(Tensor base, Optional<Tensor> added) {
    void close() {
      base.close();
      added.ifPresent(Tensor::close);
    }
  }

  /** What attention takes; q [T, HQ, D], k and v [T, H, D] narrow, gates [T, HQ, 3] wide. */
  private record Before(Tensor q, Tensor k, Tensor v, Optional<Tensor> gates) {}

  /** Behind attention: the residual stream [T, E] wide, and gate and up [T, 2 F] narrow. */
  private record Behind(Tensor residual, Tensor gateUp) {}

  /**
   * What the way back needs, until it is closed. What is absent is computed again, to the same
   * bits.
   *
   * @param input [T, E] wide
   */
  record Kept(
      TensorOwner owner,
      Tensor input,
      List<BranchForward> main,
      List<BranchForward> counterpart,
      Optional<Before> before,
      Optional<Behind> behind)
      implements AutoCloseable {
    private void own() {
      owner.own(input);
      for (List<BranchForward> stream : List.of(main, counterpart)) {
        for (BranchForward branch : stream) {
          owner.own(branch.out());
          owner.own(branch.logSumExp());
          branch.selected().ifPresent(owner::own);
          branch.rest().forEach(owner::own);
        }
      }
      before.ifPresent(
          b -> {
            owner.own(b.q());
            owner.own(b.k());
            owner.own(b.v());
            b.gates().ifPresent(owner::own);
          });
      behind.ifPresent(
          b -> {
            owner.own(b.residual());
            owner.own(b.gateUp());
          });
    }

    @Override
    public void close() {
      owner.close();
    }
  }

  record Forward(Flow flow, Kept kept) {}

  /**
   * Goes forward.
   *
   * @param keepAll whether products are kept, too, not only what attention gave
   */
  Forward forward(Flow in, boolean keepAll) {
    try (TensorScope scope = new TensorScope()) {
      Tensor x = in.added().isPresent() ? tensors.wide(layer.config().hidden()) : in.base();
      Before before = before(in, Optional.of(x).filter(sum -> in.added().isPresent()));
      List<BranchForward> main = run(attention.main(), before);
      List<BranchForward> other =
          attention.counterpart().map(c -> run(c.stream(), before)).orElse(List.of());
      Behind behind = behind(x, main, before);
      Tensor unit = tensors.narrow(layer.config().feedForward());
      LayerKernels.swiGlu(behind.gateUp(), unit);
      Tensor added = weights.down().of(unit);
      Kept kept =
          new Kept(
              new TensorOwner(),
              x,
              main,
              other,
              Optional.of(before).filter(b -> keepAll),
              Optional.of(behind).filter(b -> keepAll));
      kept.own();
      Flow out = new Flow(scope.keep(behind.residual()), Optional.of(scope.keep(added)));
      return new Forward(out, kept);
    }
  }

  private Norm inputNorm(Tensor x) {
    return new Norm(x, weights.inputNorm().weight(), layer.config().normEpsilon());
  }

  private Norm postNorm(Tensor y) {
    return new Norm(y, weights.postNorm().weight(), layer.config().normEpsilon());
  }

  private Before before(Flow in, Optional<Tensor> sum) {
    Tensor h = tensors.narrow(layer.config().hidden());
    inputNorm(in.base()).forward(in.added(), sum, h);
    Tensor q = tensors.narrow(heads.query(), heads.dim());
    Tensor k = tensors.narrow(heads.kv(), heads.dim());
    Tensor v = tensors.narrow(heads.kv(), heads.dim());
    Optional<Tensor> gates = Optional.empty();
    if (heads.gated()) {
      gates = Optional.of(tensors.wide(heads.query(), 3));
    }
    heads.forward(weights.joint().of(h), q, k, v, gates);
    return new Before(q, k, v, gates);
  }

  private List<BranchForward> run(Streamed stream, Before b) {
    List<BranchForward> forwards = new ArrayList<>();
    for (GatedBranch branch : stream.branches()) {
      forwards.add(kernels.forward(branch.branch(), b.q(), b.k(), b.v(), stream.starts()));
    }
    return forwards;
  }

  private Behind behind(Tensor x, List<BranchForward> main, Before before) {
    Tensor joined = tensors.narrow(heads.query(), heads.dim());
    LayerKernels.gate(
        before.gates(),
        main.stream().map(BranchForward::out).toList(),
        attention.main().branches().stream().map(GatedBranch::gate).toList(),
        joined);
    Tensor added = weights.output().of(joined.view(joined.size(0), -1));
    Tensor y = tensors.wide(layer.config().hidden());
    Tensor h = tensors.narrow(layer.config().hidden());
    postNorm(x).forward(Optional.of(added), Optional.of(y), h);
    return new Behind(y, weights.gateUp().of(h));
  }

  /**
   * The gradient of the residual stream, in both formats; each step back overwrites it.
   *
   * @param wide [T, E]
   * @param narrow [T, E]
   */
  record Slope(Tensor wide, Tensor narrow) {}

  /**
   * What the loss of the whole makes of a layer's alignment.
   *
   * @param factor of the layer's alignment loss
   * @param loss a double on the device, to which the layer's is added
   */
  record Aligned(double factor, Tensor loss) {}

  /** Goes back: the slope behind the layer becomes the one before it. */
  void backward(Kept kept, Slope slope, Aligned aligned, AttentionWatch watch) {
    TensorScope.run(
        () -> {
          Flow input = new Flow(kept.input(), Optional.empty());
          Before before = kept.before().orElseGet(() -> before(input, Optional.empty()));
          Behind behind = kept.behind().orElseGet(() -> behind(kept.input(), kept.main(), before));
          feedForward(behind, slope);
          Tensor joint = tensors.narrow(weights.joint().weight().size(0));
          heads.backward(attend(kept, before, slope, aligned, joint, watch), joint);
          Tensor h = tensors.narrow(layer.config().hidden());
          inputNorm(kept.input())
              .backward(
                  weights.joint().back(joint),
                  Optional.of(slope.wide()),
                  slope.wide(),
                  slope.narrow(),
                  Optional.of(h),
                  weights.inputNorm().gradient());
          weights.joint().accumulate(joint, h);
        });
  }

  private void feedForward(Behind behind, Slope slope) {
    Tensor unit = tensors.narrow(layer.config().feedForward());
    LayerKernels.swiGluBackward(behind.gateUp(), unit, weights.down().back(slope.narrow()));
    weights.down().accumulate(slope.narrow(), unit);
    unit.close();
    Tensor h = tensors.narrow(layer.config().hidden());
    postNorm(behind.residual())
        .backward(
            weights.gateUp().back(behind.gateUp()),
            Optional.of(slope.wide()),
            slope.wide(),
            slope.narrow(),
            Optional.of(h),
            weights.postNorm().gradient());
    weights.gateUp().accumulate(behind.gateUp(), h);
  }

  /** Back through gates and attention; the gates' gradients go to their columns. */
  private List<BranchGradients> attend(
      Kept kept, Before before, Slope slope, Aligned aligned, Tensor joint, AttentionWatch watch) {
    Tensor joined = tensors.narrow(heads.query(), heads.dim());
    List<Gated> main = gated(attention.main(), kept.main());
    List<Gated> other =
        attention.counterpart().map(c -> gated(c.stream(), kept.counterpart())).orElse(List.of());
    Pull pull =
        attention
            .counterpart()
            .map(c -> pull(c, aligned.factor()))
            .orElse(new Pull(true, false, false, false, 0));
    new LayerKernels.Streams(before.gates(), main, other, pull)
        .backward(
            weights.output().back(slope.narrow()),
            joined,
            joint,
            (heads.query() + 2 * heads.kv()) * heads.dim(),
            aligned.loss());
    weights.output().accumulate(slope.narrow(), joined.view(joined.size(0), -1));
    List<BranchGradients> gradients = new ArrayList<>();
    goBack(attention.main(), kept.main(), main, before, gradients, watch);
    if (pull.counterpart()) {
      Streamed stream = attention.counterpart().orElseThrow().stream();
      goBack(stream, kept.counterpart(), other, before, gradients, watch);
    }
    return gradients;
  }

  private List<Gated> gated(Streamed stream, List<BranchForward> forwards) {
    List<Gated> gated = new ArrayList<>();
    for (int i = 0; i < forwards.size(); i++) {
      gated.add(
          new Gated(
              stream.branches().get(i).gate(),
              forwards.get(i).out(),
              tensors.narrow(heads.query(), heads.dim())));
    }
    return gated;
  }

  private static Pull pull(Counterpart c, double factor) {
    Alignment.Directions directions = c.alignment().directions();
    boolean full = directions != Alignment.Directions.SPARSE_TO_FULL;
    boolean sparse = directions != Alignment.Directions.FULL_TO_SPARSE;
    return new Pull(
        c.alignment().point() == Alignment.Point.AFTER_GATE,
        c.alignment().norm() == Alignment.Norm.L2,
        c.mainIsFull() ? full : sparse,
        c.mainIsFull() ? sparse : full,
        factor);
  }

  private void goBack(
      Streamed stream,
      List<BranchForward> forwards,
      List<Gated> gated,
      Before before,
      List<BranchGradients> gradients,
      AttentionWatch watch) {
    for (int i = 0; i < forwards.size(); i++) {
      AttentionBackward call =
          new AttentionBackward(
              stream.branches().get(i).branch(),
              before.q(),
              before.k(),
              before.v(),
              stream.starts(),
              forwards.get(i),
              gated.get(i).gradient());
      watch.seen(layer.index(), call, kernels);
      gradients.add(call.run(kernels));
    }
  }
}
