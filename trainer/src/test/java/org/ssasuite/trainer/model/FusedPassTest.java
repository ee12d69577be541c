package org.ssasuite.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.GpuParameterizedTest;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.trainer.attention.NativeAttention;
import org.ssasuite.trainer.engine.ComputeDevice;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.recipe.Precision;

/** Fused steps on a device, whose gradients {@link ReducedPrecisionTest} holds against fp64. */
class FusedPassTest {
  static Stream<SmallProblem> problems() {
    return GradientTest.problems();
  }

  @GpuParameterizedTest
  @MethodSource("problems")
  void whatIsNotKeptIsComputedAgainToTheSameBits(SmallProblem problem) {
    double[] kept = gradients(problem, FusedPass.KEPT_SHARE);

    assertThat(gradients(problem, 0)).isEqualTo(kept);
  }

  private static double[] gradients(SmallProblem problem, double keptShare) {
    Engine engine = Engine.open(ComputeDevice.CUDA, Precision.BF16, 1);
    try (Parameters parameters = problem.parameters(engine);
        Transformer model =
            new Transformer(
                problem.config(),
                parameters,
                new NativeAttention(Isa.AUTO, 1),
                engine,
                problem.batch(0).length(),
                keptShare)) {
      GradientTest.step(problem, parameters, model);
      return Engine.doubles(parameters.gradients());
    }
  }
}
