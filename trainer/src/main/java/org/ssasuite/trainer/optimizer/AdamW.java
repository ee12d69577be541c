package org.ssasuite.trainer.optimizer;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ssasuite.trainer.attention.LayerKernels;
import org.ssasuite.trainer.engine.TensorOwner;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.model.Parameters;
import org.ssasuite.trainer.recipe.TrainSpec;

/**
 * AdamW with decoupled decay of the matrices, on the parameters' flat tensors. Step s, from 1, with
 * clipped gradient g: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w(1 − ηλ) − η · m/(1 − β₁ˢ) /
 * (√(v/(1 − β₂ˢ)) + ε). Mutable.
 *
 * <p>Source: Loshchilov and Hutter, arXiv 1711.05101, as PyTorch's {@code torch.optim.AdamW} has
 * it.
 */
public final class AdamW implements AutoCloseable {
  /** Elements that are updated at a time: bounds the temporaries. */
  private static final long PIECE = 1L << 26;

  private final TrainSpec.Optimizer rule;
  private final Parameters parameters;
  private final TensorOwner owner = new TensorOwner();
  private final Tensor mean;
  private final Tensor square;

  /** An optimiser that has done nothing yet. */
  public AdamW(TrainSpec.Optimizer rule, Parameters parameters) {
    this.rule = rule;
    this.parameters = parameters;
    try (TensorScope scope = new TensorScope()) {
      this.mean = owner.own(scope.keep(torch.zeros_like(parameters.master())));
      this.square = owner.own(scope.keep(torch.zeros_like(parameters.master())));
    }
  }

  /** Running mean of gradients, [elements], as the parameters lie. */
  public Tensor mean() {
    return mean;
  }

  /** Running mean of their squares, [elements]. */
  public Tensor square() {
    return square;
  }

  /**
   * Clips the gradients by their global norm and updates the weights.
   *
   * @param step from 1
   * @param norm of all gradients, before clipping
   */
  public void update(int step, double rate, double norm) {
    // PyTorch's clip_grad_norm_ has the same 1e-6.
    double factor = Math.min(1, rule.clip() / (norm + 1e-6));
    long matrices = parameters.layout().matrixElements();
    long elements = parameters.layout().elements();
    Rates rates = new Rates(step, rate);
    double decay = 1 - rate * rule.weightDecay();
    if (parameters.master().is_cuda()) {
      TensorScope.run(() -> atOnce(0, matrices, factor, decay, rates));
      TensorScope.run(() -> atOnce(matrices, elements - matrices, factor, 1, rates));
      return;
    }
    if (factor < 1) {
      TensorScope.run(() -> parameters.gradients().mul_(new Scalar(factor)));
    }
    pieces(0, matrices, decay, rates);
    pieces(matrices, elements, 1, rates);
    TensorScope.run(parameters::round);
  }

  private record Rates(int step, double rate) {}

  /** The same on a device in one pass, matrices rounded along. */
  private void atOnce(long from, long count, double factor, double decay, Rates rates) {
    LayerKernels.AdamStep step =
        new LayerKernels.AdamStep(
            parameters.master().narrow(0, from, count),
            from == 0 ? parameters.roundedCopy() : Optional.empty(),
            parameters.gradients().narrow(0, from, count),
            mean.narrow(0, from, count),
            square.narrow(0, from, count));
    step.run(
        factor,
        rule.beta1(),
        rule.beta2(),
        decay,
        rates.rate() / (1 - Math.pow(rule.beta1(), rates.step())),
        Math.sqrt(1 - Math.pow(rule.beta2(), rates.step())),
        rule.epsilon());
  }

  private void pieces(long from, long to, double decay, Rates rates) {
    for (long at = from; at < to; at += PIECE) {
      long start = at;
      long count = Math.min(PIECE, to - at);
      TensorScope.run(() -> update(start, count, decay, rates));
    }
  }

  private void update(long from, long count, double decay, Rates rates) {
    Tensor w = parameters.master().narrow(0, from, count);
    Tensor g = parameters.gradients().narrow(0, from, count);
    Tensor m = mean.narrow(0, from, count);
    Tensor v = square.narrow(0, from, count);
    m.lerp_(g, new Scalar(1 - rule.beta1()));
    v.mul_(new Scalar(rule.beta2())).addcmul_(g, g, new Scalar(1 - rule.beta2()));
    double meanScale = 1 - Math.pow(rule.beta1(), rates.step());
    double squareScale = Math.sqrt(1 - Math.pow(rule.beta2(), rates.step()));
    Tensor root = v.sqrt().div_(new Scalar(squareScale)).add_(new Scalar(rule.epsilon()));
    w.mul_(new Scalar(decay)).addcdiv_(m, root, new Scalar(-rates.rate() / meanScale));
  }

  @Override
  public void close() {
    owner.close();
  }
}
