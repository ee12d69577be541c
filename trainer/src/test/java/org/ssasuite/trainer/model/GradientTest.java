package org.ssasuite.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.attention.FormulaAttention;
import org.ssasuite.trainer.attention.NativeAttention;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.engine.ComputeDevice;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.recipe.Precision;

/** Losses and gradients of whole small models, documents packed, group 16, one and two KV heads. */
class GradientTest {
  private static final double STEP = 1e-5;

  static Stream<SmallProblem> problems() {
    return SmallProblem.all("gradients").stream();
  }

  /** One of each variant and stream, over packed documents, with one and two KV heads. */
  static Stream<SmallProblem> masked() {
    return problems().filter(p -> !p.vector().get("masking").asText().equals("none"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void lossesAndGradientsAreThoseOfAutogradOverDenseMasks(SmallProblem problem) {
    requireLike(problem, Precision.FP64, new FormulaAttention(), 1e-9);
  }

  @ParameterizedTest
  @MethodSource("problems")
  void withTheNativeKernelsInSinglePrecisionTheyAgreeToHundredThousandths(SmallProblem problem) {
    requireLike(problem, Precision.FP32, new NativeAttention(Isa.AUTO, 1), 1e-5);
  }

  private static void requireLike(
      SmallProblem problem, Precision precision, AttentionKernels kernels, double tolerance) {
    Engine engine = Engine.open(ComputeDevice.CPU, precision, 1);
    try (Parameters parameters = problem.parameters(engine);
        Transformer model = model(problem, parameters, kernels, engine)) {
      StepLosses losses = step(problem, parameters, model);
      assertThat(losses.nextToken())
          .isCloseTo(problem.vector().get("loss").asDouble(), within(tolerance));
      assertThat(losses.alignment())
          .isCloseTo(problem.vector().get("align").asDouble(), within(tolerance));
      double norm = problem.vector().get("gradnorm").asDouble();
      assertThat(losses.gradientNorm()).isCloseTo(norm, within(tolerance * norm));
      for (String name : parameters.layout().weights().keySet()) {
        double[] found = SmallProblem.sketch(Engine.doubles(parameters.gradient(name)));
        double size = problem.vector().at("/sketches").get(name).get(0).asDouble();
        for (int i = 0; i < found.length; i++) {
          assertThat(found[i])
              .as(name)
              .isCloseTo(
                  problem.vector().at("/sketches").get(name).get(i).asDouble(),
                  within(tolerance * Math.max(size, 1e-3) * 4));
        }
      }
    }
  }

  /** Along the gradient of each weight, the loss changes as the gradient says. */
  @ParameterizedTest
  @MethodSource("masked")
  void gradientsAreCentralDifferences(SmallProblem problem) {
    Engine engine = Engine.open(ComputeDevice.CPU, Precision.FP64, 1);
    try (Parameters parameters = problem.parameters(engine);
        Transformer model = model(problem, parameters, new FormulaAttention(), engine)) {
      // Each of the two terms has the value that both together have the gradient of.
      double share = problem.method().alignment().map(a -> a.weight() / 2).orElse(0.0);
      ToDoubleFunction<StepLosses> loss = l -> l.nextToken() + share * l.alignment();
      step(problem, parameters, model);
      Tensor gradients = parameters.gradients().clone();
      for (ParameterLayout.Weight weight : parameters.layout().weights().values()) {
        Tensor slope = Parameters.view(gradients, weight);
        double steepness = slope.norm().item_double();
        Tensor stride = slope.mul(new Scalar(STEP / steepness));
        Tensor home = Parameters.view(parameters.master(), weight);
        home.add_(stride);
        double above = loss.applyAsDouble(step(problem, parameters, model));
        home.sub_(stride.mul(new Scalar(2.0)));
        double below = loss.applyAsDouble(step(problem, parameters, model));
        home.add_(stride);
        assertThat((above - below) / (2 * STEP))
            .as(weight.name())
            .isCloseTo(steepness, within(1e-5 * Math.max(steepness, 1e-2)));
      }
      gradients.close();
    }
  }

  @Test
  void forwardAloneGivesTheSameLoss() {
    SmallProblem problem = SmallProblem.all("gradients").get(5);
    Engine engine = Engine.open(ComputeDevice.CPU, Precision.FP64, 1);
    try (Parameters parameters = problem.parameters(engine);
        Transformer model = model(problem, parameters, new FormulaAttention(), engine)) {
      PackedBatch batch = problem.batch(0);
      double nats = model.rate(batch, problem.method().streamed(problem.streams().get(0), batch));
      assertThat(nats / batch.ratedTokens())
          .isCloseTo(problem.vector().get("loss").asDouble(), within(1e-9));
    }
  }

  static Transformer model(
      SmallProblem problem, Parameters parameters, AttentionKernels kernels, Engine engine) {
    return new Transformer(
        problem.config(), parameters, kernels, engine, problem.batch(0).length());
  }

  static StepLosses step(SmallProblem problem, Parameters parameters, Transformer model) {
    PackedBatch batch = problem.batch(0);
    GradientStep.MicroBatch micro =
        new GradientStep.MicroBatch(
            batch, layer -> problem.method().layer(problem.streams().get(layer), batch));
    return new GradientStep(model, parameters).run(List.of(micro), AttentionWatch.NONE);
  }
}
