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

/**
 * The gradients of one optimiser step: of the mean next-token loss over the rated tokens of all its
 * micro-batches, plus the alignment loss, the mean over micro-batches.
 */
public final class GradientStep {
  private final Transformer model;
  private final Parameters parameters;

  public GradientStep(Transformer model, Parameters parameters) {
    this.model = model;
    this.parameters = parameters;
  }

  /**
   * A micro-batch and what its layers' attention computes.
   *
   * @param attention by layer, from 0
   */
  public record MicroBatch(PackedBatch rows, IntFunction<LayerAttention> attention) {}

  /**
   * Leaves the gradients with the parameters; the host waits for the device once.
   *
   * @param watch sees the first micro-batch
   */
  public StepLosses run(List<MicroBatch> batches, AttentionWatch watch) {
    long rated = batches.stream().mapToLong(b -> b.rows().ratedTokens()).sum();
    Transformer.Factors factors =
        new Transformer.Factors(1.0 / Math.max(1, rated), 1.0 / batches.size());
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
      Tensor norm =
          parameters.gradients().norm(new ScalarOptional(new Scalar(2.0)), ScalarType.Double);
      Tensor all =
          scope.keep(
              torch.stack(
                  new TensorVector(
                      torch.stack(nextToken).sum(), torch.stack(alignment).mean(), norm)));
      double[] values = Engine.doubles(all);
      return new StepLosses(values[0] * factors.nextToken(), values[1], values[2]);
    }
  }
}
