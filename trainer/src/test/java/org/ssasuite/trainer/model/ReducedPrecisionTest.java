package org.ssasuite.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.GpuParameterizedTest;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.attention.NativeAttention;
import org.ssasuite.trainer.engine.ComputeDevice;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.recipe.Precision;

/**
 * Gradients of whole small models in bf16, and on a device in fp32, against fp64 ({@link
 * GradientTest} holds fp64 against PyTorch), from the same bf16 weights and over the same selected
 * blocks. Errors are Euclidean norms per weight, relative to the gradient's.
 */
class ReducedPrecisionTest {
  private static final double BF16_TOLERANCE = 1e-2;
  private static final double FP32_TOLERANCE = 2e-5;

  /** From matrices of standard deviation 0.2 to the 0.02 that recipes start from. */
  private static final double SCALE = 0.1;

  static Stream<SmallProblem> problems() {
    return GradientTest.problems();
  }

  static Stream<SmallProblem> widerHeads() {
    return problems()
        .flatMap(problem -> Stream.of(withHeads(problem, 64), withHeads(problem, 128)));
  }

  private static SmallProblem withHeads(SmallProblem problem, int dim) {
    ObjectNode vector = problem.vector().deepCopy();
    return new SmallProblem(vector.put("D", dim));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void roundedProductsKeepEveryGradientToOneHundredth(SmallProblem problem) {
    Engine engine = new Engine(ComputeDevice.CPU, Precision.BF16, 1);
    requireClose(problem, engine, new RoundedAttention(), BF16_TOLERANCE);
  }

  @GpuParameterizedTest
  @MethodSource({"problems", "widerHeads"})
  void onADeviceEveryGradientIsRightToOneHundredth(SmallProblem problem) {
    requireClose(problem, device(Precision.BF16), new NativeAttention(Isa.AUTO, 1), BF16_TOLERANCE);
  }

  @GpuParameterizedTest
  @MethodSource({"problems", "widerHeads"})
  void onADeviceInSinglePrecisionEveryGradientIsRight(SmallProblem problem) {
    requireClose(problem, device(Precision.FP32), new NativeAttention(Isa.AUTO, 1), FP32_TOLERANCE);
  }

  private static Engine device(Precision precision) {
    return Engine.open(ComputeDevice.CUDA, precision, 1);
  }

  private static void requireClose(
      SmallProblem problem, Engine engine, AttentionKernels kernels, double tolerance) {
    SelectionRecord selections = new SelectionRecord();
    Map<String, double[]> found = gradients(problem, engine, selections.of(kernels));
    Engine exact = Engine.open(ComputeDevice.CPU, Precision.FP64, 1);
    Map<String, double[]> wanted = gradients(problem, exact, selections.replayed(exact));
    wanted.forEach(
        (name, gradient) ->
            assertThat(distance(found.get(name), gradient)).as(name).isLessThan(tolerance));
    assertThat(selections.shareDiffering()).isLessThan(0.02);
  }

  private static double distance(double[] found, double[] wanted) {
    double square = 0;
    double ofSquare = 0;
    for (int i = 0; i < wanted.length; i++) {
      square += (found[i] - wanted[i]) * (found[i] - wanted[i]);
      ofSquare += wanted[i] * wanted[i];
    }
    return Math.sqrt(square / ofSquare);
  }

  private static Map<String, double[]> gradients(
      SmallProblem problem, Engine engine, AttentionKernels kernels) {
    try (Parameters parameters = problem.parameters(engine);
        Transformer model = GradientTest.model(problem, parameters, kernels, engine)) {
      flattenAndRound(parameters, engine);
      GradientTest.step(problem, parameters, model);
      Map<String, double[]> gradients = new LinkedHashMap<>();
      for (String name : parameters.layout().weights().keySet()) {
        gradients.put(name, Engine.doubles(parameters.gradient(name)));
      }
      return gradients;
    }
  }

  private static void flattenAndRound(Parameters parameters, Engine engine) {
    Tensor master = parameters.master();
    TensorScope.run(
        () -> {
          for (ParameterLayout.Weight weight : parameters.layout().weights().values()) {
            if (weight.isMatrix()) {
              Parameters.view(master, weight).mul_(new Scalar(SCALE));
            }
          }
          master.copy_(master.to(ScalarType.BFloat16).to(engine.wide()));
        });
    parameters.round();
  }
}
