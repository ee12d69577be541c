package org.ssasuite.trainer.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.Graph;
import org.ssasuite.trainer.engine.TensorOwner;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.model.LayerAttention.Streamed;

/**
 * The model: embedding, layers, last norm, vocabulary head. Goes forward and back through a
 * micro-batch, adding to the gradients of its parameters, or forward only. Of one thread.
 */
public final class Transformer implements AutoCloseable {
  private final ModelConfig config;
  private final Engine engine;
  private final Parameters parameters;
  private final AttentionKernels kernels;
  private final TensorOwner owner = new TensorOwner();
  private final RotaryAngles table;
  private final VocabularyHead head;
  private final Optional<FusedPass> fused;

  /**
   * A model on its parameters, which stay their owner's.
   *
   * @param positions the longest row, tokens
   */
  public Transformer(
      ModelConfig config,
      Parameters parameters,
      AttentionKernels kernels,
      Engine engine,
      int positions) {
    this(config, parameters, kernels, engine, positions, FusedPass.KEPT_SHARE);
  }

  /**
   * The same.
   *
   * @param keptShare the share of a device's free memory that may be kept for the way back beyond
   *     what must be
   */
  Transformer(
      ModelConfig config,
      Parameters parameters,
      AttentionKernels kernels,
      Engine engine,
      int positions,
      double keptShare) {
    this.config = config;
    this.engine = engine;
    this.parameters = parameters;
    this.kernels = kernels;
    this.head = new VocabularyHead(config, engine, parameters);
    this.fused =
        FusedPass.takes(config, engine)
            ? Optional.of(new FusedPass(config, parameters, kernels, engine, keptShare))
            : Optional.empty();
    try (TensorScope scope = new TensorScope()) {
      this.table = RotaryAngles.table(positions, config, engine);
      owner.own(scope.keep(table.cos()));
      owner.own(scope.keep(table.sin()));
    }
  }

  /**
   * The losses of a micro-batch, scalars on the device in fp64.
   *
   * @param nextToken sum over the rated tokens, nats
   * @param alignment mean over layers, before its weight; 0 without counterparts
   */
  public record Losses(Tensor nextToken, Tensor alignment) {}

  /**
   * What a micro-batch's losses are multiplied with in the loss whose gradients are added.
   *
   * @param nextToken of the sum over rated tokens
   * @param alignment of the mean over layers, beside the alignment's own weight
   */
  public record Factors(double nextToken, double alignment) {}

  /** Forward and backward; gradients are added to the parameters'. */
  public Losses train(
      PackedBatch batch,
      IntFunction<LayerAttention> attention,
      Factors factors,
      AttentionWatch watch) {
    List<LayerPass.Kept> kept = new ArrayList<>();
    try (TensorScope scope = new TensorScope()) {
      Losses losses =
          Graph.unrecorded(
              () ->
                  fused.isPresent()
                      ? train(fused.get(), batch, attention, factors, watch)
                      : train(batch, attention, factors, watch, kept));
      return new Losses(scope.keep(losses.nextToken()), scope.keep(losses.alignment()));
    } finally {
      kept.forEach(LayerPass.Kept::close);
    }
  }

  private Losses train(
      FusedPass pass,
      PackedBatch batch,
      IntFunction<LayerAttention> attention,
      Factors factors,
      AttentionWatch watch) {
    DeviceBatch device = DeviceBatch.of(batch, engine);
    RotaryAngles angles = table.at(device.positions());
    IntFunction<LayerContext> contexts =
        i -> new LayerContext(i, config, engine, parameters, angles);
    FusedPass.Trained trained =
        pass.train(device, embedded(device), contexts, attention, factors, watch);
    addEmbedding(device, trained.embedded());
    return trained.losses();
  }

  private Losses train(
      PackedBatch batch,
      IntFunction<LayerAttention> attention,
      Factors factors,
      AttentionWatch watch,
      List<LayerPass.Kept> kept) {
    DeviceBatch device = DeviceBatch.of(batch, engine);
    List<LayerPass> passes = passes(device, attention);
    Tensor residual = forward(device, passes, kept);
    VocabularyHead.Rated rated = head.train(device, residual, factors.nextToken());
    Tensor gradient = rated.residual();
    Tensor alignment = engine.zeros().to(ScalarType.Double);
    for (int i = passes.size() - 1; i >= 0; i--) {
      double share = factors.alignment() * weight(attention.apply(i)) / passes.size();
      Tensor factor = engine.zeros().add(new Scalar(share));
      LayerPass.Backward back = passes.get(i).backward(kept.get(i), gradient, factor, watch);
      back.alignment().ifPresent(alignment::add_);
      kept.get(i).close();
      // Not at the scope's end: one of these per layer would be as much as all that is kept.
      gradient.close();
      gradient = back.input();
    }
    addEmbedding(device, gradient);
    return new Losses(rated.sum(), alignment.div(new Scalar((double) passes.size())));
  }

  private static double weight(LayerAttention attention) {
    return attention.counterpart().map(c -> c.alignment().weight()).orElse(0.0);
  }

  /**
   * The sum over rated tokens of −log p, nats, in one stream, with nothing but the forward pass.
   */
  public double rate(PackedBatch batch, Streamed stream) {
    return TensorScope.run(() -> Graph.unrecorded(() -> rated(batch, stream)));
  }

  private double rated(PackedBatch batch, Streamed stream) {
    DeviceBatch device = DeviceBatch.of(batch, engine);
    LayerAttention attention = new LayerAttention(stream, Optional.empty());
    Tensor residual = embedded(device);
    for (LayerPass pass : passes(device, i -> attention)) {
      LayerPass.Forward forward = pass.forward(residual);
      forward.kept().close();
      residual.close();
      residual = forward.residual();
    }
    return head.rate(device, residual).item_double();
  }

  private List<LayerPass> passes(DeviceBatch batch, IntFunction<LayerAttention> attention) {
    RotaryAngles angles = table.at(batch.positions());
    List<LayerPass> passes = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      LayerContext layer = new LayerContext(i, config, engine, parameters, angles);
      passes.add(new LayerPass(layer, attention.apply(i), kernels));
    }
    return passes;
  }

  private Tensor forward(DeviceBatch batch, List<LayerPass> passes, List<LayerPass.Kept> kept) {
    Tensor residual = embedded(batch);
    for (LayerPass pass : passes) {
      LayerPass.Forward forward = pass.forward(residual);
      kept.add(forward.kept());
      residual = forward.residual();
    }
    return residual;
  }

  private Tensor embedded(DeviceBatch batch) {
    return torch.embedding(weight(parameters.master()), batch.inputs());
  }

  private Tensor weight(Tensor flat) {
    return Parameters.view(flat, parameters.layout().weights().get(Role.EMBEDDING.tensor()));
  }

  private void addEmbedding(DeviceBatch batch, Tensor gradient) {
    parameters.addGradient(
        Role.EMBEDDING.tensor(),
        torch.embedding_dense_backward(gradient, batch.inputs(), config.vocabulary(), -1, false));
  }

  @Override
  public void close() {
    fused.ifPresent(FusedPass::close);
    owner.close();
  }
}
