package org.ssasuite.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.ssasuite.core.BadInputException;
import org.ssasuite.trainer.recipe.Precision;

class EngineTest {
  @Test
  @DisabledIfSystemProperty(named = "ssa.gpu", matches = "true", disabledReason = "has CUDA")
  void withoutCudaThereIsOneLineThatSaysWhatIsMissing() {
    assertThatThrownBy(() -> Engine.open(ComputeDevice.CUDA, Precision.BF16, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--device cuda: ");
  }

  @Test
  void bf16IsForCudaAndFp64ForTheCpu() {
    assertThatThrownBy(() -> Engine.open(ComputeDevice.CPU, Precision.BF16, 1))
        .hasMessage("--precision bf16: needs --device cuda");
    assertThatThrownBy(() -> Engine.open(ComputeDevice.CUDA, Precision.FP64, 1))
        .hasMessage("--precision fp64: needs --device cpu");
  }

  @Test
  void numbersComeBackAsTheyWent() {
    Engine engine = Engine.open(ComputeDevice.CPU, Precision.FP64, 1);
    try (Tensor doubles = engine.numbers(new double[] {1e-300, -2, 3, 4}, 2, 2);
        Tensor floats = engine.numbers(FloatBuffer.wrap(new float[] {0.1f, -7}), 2);
        Tensor whole = engine.indices(new int[] {5, -1})) {
      assertThat(Engine.doubles(doubles)).containsExactly(1e-300, -2, 3, 4);
      assertThat(Engine.floats(floats)).containsExactly(0.1f, -7);
      assertThat(Engine.doubles(whole)).containsExactly(5, -1);
    }
  }

  @Test
  void aScopeFreesWhatIsNotKept() {
    List<Tensor> made = new ArrayList<>();
    TensorScope.run(
        () -> {
          try (TensorScope inner = new TensorScope()) {
            made.add(inner.keep(torch.ones(3)));
            made.add(torch.ones(3));
          }
          assertThat(made.get(0).isNull()).isFalse();
          assertThat(made.get(1).isNull()).isTrue();
        });

    assertThat(made.get(0).isNull()).isTrue();
  }
}
