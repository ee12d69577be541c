package org.ssasuite.trainer.model;

import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.group.Group;

/**
 * The gradients of one optimiser step: of the mean next-token loss over the rated tokens of all its
 * micro-batches, plus the alignment loss, the mean over micro-batches.
 */
public final class GradientStep {
  private final Transformer model;
  private final Parameters parameters;

  private final Group group;

  /** Of one process by itself. */
  public GradientStep(Transformer model, Parameters parameters) {
    this(model, parameters, Group.alone());
  }

  /** Of one process of several, each with micro-batches of its own. */
  public GradientStep(Transformer model, Parameters parameters, Group group) {
    this.model = model;
    this.parameters = parameters;
    this.group = group;
  }

  /**
   * A micro-batch and what its layers' attention computes.
   *
   * @param attention by layer, from 0
   */
  public record MicroBatch(PackedBatch rows, IntFunction<LayerAttention> attention) {}

  /**
   * Leaves the gradients with the parameters; the host waits for the device once, and with several
   * processes twice more, for a few numbers of the others.
   *
   * @param watch sees the first micro-batch
   */
  public StepLosses run(List<MicroBatch> batches, AttentionWatch watch) {
    double rated = batches.stream().mapToLong(b -> b.rows().ratedTokens()).sum();
    double[] counts = group.sum(rated, batches.size());
    Transformer.Factors factors =
        new Transformer.Factors(1.0 / Math.max(1, counts[0]), 1.0 / counts[1]);
    parameters.gradients().zero_();
    try (TensorScope scope = new TensorScope()) {
      TensorVector nextToken = new TensorVector();
      TensorVector alignment = new TensorVector();
      for (MicroBatch batch : batches) {
        AttentionWatch own = nextToken.empty() ? watch : AttentionWatch.NONE;
        Transformer.Losses losses = model.train(batch.rows(), batch.attention(), factors, own);
        nextToken.push_back(losses.nextToken());
        alignment.push_back(losses.alignment());
      }
      group.add(parameters.gradients());
      Tensor norm =
          parameters.gradients().norm(new ScalarOptional(new Scalar(2.0)), ScalarType.Double);
      Tensor all =
          scope.keep(
              torch.stack(
                  new TensorVector(
                      torch.stack(nextToken).sum(), torch.stack(alignment).sum(), norm)));
      double[] values = Engine.doubles(all);
      double[] losses = group.sum(values[0], values[1]);
      return new StepLosses(
          losses[0] * factors.nextToken(), losses[1] * factors.alignment(), values[2]);
    }
  }
}
