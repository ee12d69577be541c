package org.ssasuite.trainer.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.trainer.attention.LayerKernels;
import org.ssasuite.trainer.attention.LibraryAttention;
import org.ssasuite.trainer.attention.NativeAttention;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.engine.ComputeDevice;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.group.Group;
import org.ssasuite.trainer.group.Joined;
import org.ssasuite.trainer.group.Rendezvous;
import org.ssasuite.trainer.optimizer.AdamW;
import org.ssasuite.trainer.recipe.ConfigJson;
import org.ssasuite.trainer.recipe.Precision;
import org.ssasuite.trainer.recipe.Recipes;
import org.ssasuite.trainer.recipe.TrainSpec;

/**
 * Whole optimiser steps of the recipes' models on a CUDA device, on random tokens: {@code
 * StepBenchmark RECIPES ROWS ACCUMULATION STEPS deterministic|fast} prints a line per recipe and
 * stream. The first two steps are not counted; of the rest it is the median. With torchrun's
 * environment, one of several processes that share out the micro-batches.
 */
final class StepBenchmark {
  private static final int WARM_UP = 2;

  private final TrainSpec spec;
  private final int rows;
  private final int accumulation;
  private final int steps;
  private final boolean deterministic;

  private StepBenchmark(String recipe, String[] arguments) {
    this.spec = Recipes.recipe(recipe);
    this.rows = Integer.parseInt(arguments[1]);
    this.accumulation = Integer.parseInt(arguments[2]);
    this.steps = Integer.parseInt(arguments[3]);
    this.deterministic = !arguments[4].equals("fast");
  }

  public static void main(String[] arguments) {
    for (String recipe : arguments[0].split(",", -1)) {
      new StepBenchmark(recipe, arguments).run();
    }
  }

  private void run() {
    Optional<Rendezvous> meeting = Rendezvous.of(System.getenv());
    int index = meeting.map(Rendezvous::localRank).orElse(0);
    Engine engine = Engine.open(ComputeDevice.CUDA, index, Precision.BF16, 8);
    try (Group group =
        meeting
            .map(m -> Joined.meet(m, engine, deterministic, gone -> Runtime.getRuntime().halt(4)))
            .orElseGet(Group::alone)) {
      run(engine, group);
      group.finish();
    }
  }

  private void run(Engine engine, Group group) {
    ModelConfig config = ModelConfig.of(Path.of("recipe"), ConfigJson.of(spec));
    Method method = Method.of(spec);
    LibraryAttention kernels =
        new LibraryAttention(new NativeAttention(Isa.AUTO, 8), deterministic);
    try (Parameters parameters =
            parameters(ParameterLayout.of(ModelLayout.of(config.sizes(), true)), engine);
        Transformer model =
            new Transformer(config, parameters, kernels, engine, spec.rows().tokens());
        AdamW optimizer = new AdamW(spec.optimizer(), parameters)) {
      long freeBefore = LayerKernels.freeBytes(parameters.master());
      for (Stream stream : method.streams()) {
        double[] seconds = new double[steps];
        StepLosses losses = null;
        GradientStep gradients = new GradientStep(model, parameters, group);
        for (int step = 0; step < steps; step++) {
          List<GradientStep.MicroBatch> batches = batches(method, stream, step, group);
          long begun = System.nanoTime();
          losses = gradients.run(batches, AttentionWatch.NONE);
          optimizer.update(step + 1, 1e-5, losses.gradientNorm());
          TensorScope.run(() -> parameters.master().narrow(0, 0, 1).item_double());
          seconds[step] = (System.nanoTime() - begun) / 1e9;
        }
        if (!group.writes()) {
          continue;
        }
        report(stream, seconds, losses, freeBefore - LayerKernels.freeBytes(parameters.master()));
      }
    }
  }

  private void report(Stream stream, double[] seconds, StepLosses losses, long bytes) {
    double[] counted = Arrays.copyOfRange(seconds, Math.min(WARM_UP, steps - 1), steps);
    Arrays.sort(counted);
    double median = counted[counted.length / 2];
    System.out.printf(
        Locale.ROOT,
        "%s %s %d/%d/%d %s main %s: %.1f ms a step, %,.0f tokens/s, loss %.4f align %.6f norm %.5f,"
            + " %.1f GiB beside weights%n",
        spec.variant(),
        deterministic ? "deterministic" : "fast",
        spec.model().numAttentionHeads(),
        spec.model().numKeyValueHeads(),
        spec.model().headDim(),
        accumulation + " x " + rows + " x " + spec.rows().tokens(),
        stream.text(),
        1e3 * median,
        (double) rows * accumulation * spec.rows().tokens() / median,
        losses.nextToken(),
        losses.alignment(),
        losses.gradientNorm(),
        bytes / 1073741824.0);
  }

  private Parameters parameters(ParameterLayout layout, Engine engine) {
    Parameters parameters = Parameters.empty(layout, engine);
    TensorScope.run(
        () -> {
          for (ParameterLayout.Weight weight : layout.weights().values()) {
            Tensor home = Parameters.view(parameters.master(), weight);
            if (weight.isMatrix()) {
              home.normal_(0, 0.02, new GeneratorOptional());
            } else {
              home.fill_(new Scalar(1.0));
            }
          }
        });
    parameters.round();
    return parameters;
  }

  private List<GradientStep.MicroBatch> batches(
      Method method, Stream stream, int step, Group group) {
    List<GradientStep.MicroBatch> batches = new ArrayList<>();
    int share = accumulation / group.size();
    for (int i = group.rank() * share; i < (group.rank() + 1) * share; i++) {
      PackedBatch batch = batch(new Random(step * 1000L + i));
      batches.add(new GradientStep.MicroBatch(batch, layer -> method.layer(stream, batch)));
    }
    return batches;
  }

  private PackedBatch batch(Random random) {
    int length = spec.rows().tokens();
    int total = rows * length;
    int[] ids = random.ints(total + 1L, 0, spec.model().vocabSize()).toArray();
    int[] positions = new int[total];
    boolean[] rated = new boolean[total];
    int[] starts = new int[rows + 1];
    Arrays.fill(rated, true);
    Arrays.setAll(positions, i -> i % length);
    Arrays.setAll(starts, i -> i * length);
    return new PackedBatch(
        rows,
        length,
        Arrays.copyOf(ids, total),
        positions,
        Arrays.copyOfRange(ids, 1, total + 1),
        rated,
        starts);
  }
}
