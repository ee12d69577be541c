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
import org.ssasuite.trainer.attention.LayerKernels;
import org.ssasuite.trainer.engine.ComputeDevice;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.TensorOwner;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.model.FusedLayer.Aligned;
import org.ssasuite.trainer.model.FusedLayer.Flow;
import org.ssasuite.trainer.model.FusedLayer.Slope;
import org.ssasuite.trainer.model.FusedWeights.Product;
import org.ssasuite.trainer.model.FusedWeights.Scale;
import org.ssasuite.trainer.model.Transformer.Factors;
import org.ssasuite.trainer.model.Transformer.Losses;
import org.ssasuite.trainer.recipe.Precision;

/**
 * The model on a CUDA device in bf16, by {@link FusedLayer}s. Mutable: decides at its first batch
 * whether the device has room to keep products for the way back.
 */
final class FusedPass implements AutoCloseable {
  /** Elements of a chunk of logits: 1 GiB in bf16. */
  private static final long CHUNK_ELEMENTS = 1L << 29;

  /** The share of what is free that kept products may take, where nothing else is said. */
  static final double KEPT_SHARE = 0.5;

  private static final long MOST_FEATURES = 4096;

  private final ModelConfig config;
  private final Engine engine;
  private final AttentionKernels kernels;
  private final double keptShare;
  private final TensorOwner owner = new TensorOwner();
  private final List<FusedWeights> weights = new ArrayList<>();
  private final Scale finalNorm;
  private final Product head;
  private Optional<Boolean> keepsAll = Optional.empty();

  FusedPass(
      ModelConfig config,
      Parameters parameters,
      AttentionKernels kernels,
      Engine engine,
      double keptShare) {
    this.config = config;
    this.keptShare = keptShare;
    this.engine = engine;
    this.kernels = kernels;
    for (int i = 0; i < config.layers(); i++) {
      weights.add(FusedWeights.of(parameters, i, owner));
    }
    ParameterLayout layout = parameters.layout();
    this.finalNorm = Scale.of(parameters, Role.FINAL_NORM.tensor(), owner);
    this.head = Product.of(parameters, layout.weights().get(layout.head()), owner);
  }

  /** Whether a model is trained this way. */
  static boolean takes(ModelConfig config, Engine engine) {
    return engine.device() == ComputeDevice.CUDA
        && engine.precision() == Precision.BF16
        && config.hidden() % 4 == 0
        && config.hidden() <= MOST_FEATURES;
  }

  /** What a pass goes through. */
  private record Run(List<FusedLayer> layers, FusedTensors tensors, List<FusedLayer.Kept> kept) {}

  /**
   * Forward and backward; gradients of all weights but the embedding's rows are added.
   *
   * @param embedded [T, E] wide; its gradient is what comes back
   */
  record Trained(Losses losses, Tensor embedded) {}

  Trained train(
      DeviceBatch batch,
      Tensor embedded,
      IntFunction<LayerContext> contexts,
      IntFunction<LayerAttention> attention,
      Factors factors,
      AttentionWatch watch) {
    FusedTensors tensors = new FusedTensors(engine, embedded.size(0));
    List<FusedLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      layers.add(
          new FusedLayer(contexts.apply(i), weights.get(i), attention.apply(i), kernels, tensors));
    }
    Run run = new Run(layers, tensors, new ArrayList<>());
    try {
      Flow flow = forward(run, embedded);
      Tensor alignment = engine.zeros(1).to(ScalarType.Double);
      Rated rated = rated(run, batch, flow, factors.nextToken());
      for (int i = layers.size() - 1; i >= 0; i--) {
        double weight =
            attention.apply(i).counterpart().map(c -> c.alignment().weight()).orElse(0.0);
        double factor = factors.alignment() * weight / layers.size();
        layers
            .get(i)
            .backward(run.kept().get(i), rated.slope(), new Aligned(factor, alignment), watch);
        run.kept().get(i).close();
      }
      Tensor mean = alignment.div(new Scalar((double) layers.size())).squeeze();
      return new Trained(new Losses(rated.sum(), mean), rated.slope().wide());
    } finally {
      run.kept().forEach(FusedLayer.Kept::close);
    }
  }

  private Flow forward(Run run, Tensor embedded) {
    boolean keepAll = keepsAll(embedded);
    Flow flow = new Flow(embedded, Optional.empty());
    for (FusedLayer layer : run.layers()) {
      FusedLayer.Forward forward = layer.forward(flow, keepAll);
      run.kept().add(forward.kept());
      flow.close();
      flow = forward.flow();
    }
    return flow;
  }

  private boolean keepsAll(Tensor onDevice) {
    if (keepsAll.isEmpty()) {
      long heads = (long) (config.queryHeads() + 2 * config.kvHeads()) * config.headDim();
      long perToken = 4L * config.hidden() + 2 * heads + 12L * config.queryHeads();
      long bytes = onDevice.size(0) * config.layers() * (perToken + 4L * config.feedForward());
      keepsAll = Optional.of(bytes <= keptShare * LayerKernels.freeBytes(onDevice));
    }
    return keepsAll.get();
  }

  /**
   * The loss with its way back.
   *
   * @param sum over rated tokens, nats, a scalar in fp64
   */
  private record Rated(Tensor sum, Slope slope) {}

  private Rated rated(Run run, DeviceBatch batch, Flow flow, double scale) {
    try (TensorScope scope = new TensorScope()) {
      Tensor x = run.tensors().wide(config.hidden());
      Tensor hidden = run.tensors().narrow(config.hidden());
      lastNorm(flow.base()).forward(flow.added(), Optional.of(x), hidden);
      Tensor losses = engine.unset(engine.wide(), run.tensors().tokens());
      Tensor gradient = torch.empty_like(hidden);
      for (Rows rows : chunks(run.tensors().tokens())) {
        TensorScope.run(
            () -> {
              Tensor own = rows.of(hidden);
              Tensor logits = head.of(own);
              LayerKernels.tokenLoss(
                  logits,
                  rows.of(batch.targets()),
                  rows.of(batch.counted()),
                  scale,
                  rows.of(losses));
              torch.mm_out(rows.of(gradient), logits, head.weight());
              head.accumulate(logits, own);
            });
      }
      Slope slope =
          new Slope(
              scope.keep(run.tensors().wide(config.hidden())),
              scope.keep(run.tensors().narrow(config.hidden())));
      lastNorm(x)
          .backward(
              gradient,
              Optional.empty(),
              slope.wide(),
              slope.narrow(),
              Optional.empty(),
              finalNorm.gradient());
      return new Rated(scope.keep(losses.to(ScalarType.Double).sum()), slope);
    }
  }

  private LayerKernels.Norm lastNorm(Tensor x) {
    return new LayerKernels.Norm(x, finalNorm.weight(), config.normEpsilon());
  }

  private record Rows(long from, long count) {
    Tensor of(Tensor x) {
      return x.narrow(0, from, count);
    }
  }

  private List<Rows> chunks(long tokens) {
    long size = Math.max(1, CHUNK_ELEMENTS / config.vocabulary());
    List<Rows> chunks = new ArrayList<>();
    for (long from = 0; from < tokens; from += size) {
      chunks.add(new Rows(from, Math.min(size, tokens - from)));
    }
    return chunks;
  }

  @Override
  public void close() {
    owner.close();
  }
}
