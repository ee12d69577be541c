package org.ssasuite.trainer.model;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.Graph;

/** The last norm, the vocabulary head and the loss behind them. */
final class VocabularyHead {
  private final ModelConfig config;
  private final Engine engine;
  private final Parameters parameters;

  VocabularyHead(ModelConfig config, Engine engine, Parameters parameters) {
    this.config = config;
    this.engine = engine;
    this.parameters = parameters;
  }

  /**
   * A loss with its way back.
   *
   * @param sum over rated tokens, nats, a scalar in fp64
   * @param residual [T, E], gradient of sum × scale with respect to the residual stream
   */
  record Rated(Tensor sum, Tensor residual) {}

  /**
   * The loss of a residual stream [T, E]; gradients of the weights are added to the parameters'.
   *
   * @param scale what the sum is multiplied with in the loss whose gradients are taken
   */
  Rated train(DeviceBatch batch, Tensor residual, double scale) {
    Tensor x = Graph.leaf(residual);
    Tensor norm = parameters.leaf(Role.FINAL_NORM.tensor());
    Tensor hidden = Graph.recorded(() -> normed(x, norm));
    Tensor slope = torch.empty_like(hidden);
    NextTokenLoss.Slopes slopes =
        new NextTokenLoss.Slopes(scale, slope, parameters.gradient(parameters.layout().head()));
    Tensor sum = loss(batch).sum(hidden.detach(), head(), slopes);
    List<Optional<Tensor>> found =
        new Graph(List.of(x, norm), List.of(hidden)).backward(List.of(slope));
    parameters.addGradients(List.of(Role.FINAL_NORM.tensor()), found.subList(1, 2));
    return new Rated(sum, found.get(0).orElseThrow());
  }

  /** The loss alone, a scalar in fp64. */
  Tensor rate(DeviceBatch batch, Tensor residual) {
    return loss(batch).sum(normed(residual, parameters.leaf(Role.FINAL_NORM.tensor())), head());
  }

  private NextTokenLoss loss(DeviceBatch batch) {
    return new NextTokenLoss(engine, batch.targets(), batch.counted());
  }

  private Tensor head() {
    return parameters.leaf(parameters.layout().head()).detach();
  }

  private Tensor normed(Tensor x, Tensor weight) {
    return torch
        .rms_norm(
            x,
            new long[] {x.size(1)},
            new TensorOptional(weight),
            new DoubleOptional(config.normEpsilon()))
        .to(engine.narrow());
  }
}
