package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.onnx.CudaShapes;
import org.ssasuite.runtime.onnx.PagePool;

/** What the operator library says of its CUDA kernels, whether it has them or not. */
class CudaLimitsTest {
  @Test
  void theLibrarySaysWhatItsKernelsHaveAShapeFor() {
    assertThat(PagePool.cudaShapes())
        .isEqualTo(new CudaShapes(32, 512, 8, 32_768, 4, List.of(32, 64, 128)));
  }

  @Test
  void theWidestResidualStreamIsTaken() {
    assertThatCode(() -> CudaLimits.requireNormed("hidden_size ", 32_768))
        .doesNotThrowAnyException();
  }

  @Test
  void aWiderResidualStreamIsRefused() {
    assertThatThrownBy(() -> CudaLimits.requireNormed("hidden_size ", 32_776))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--device cuda: hidden_size 32776; up to 32768");
  }

  @Test
  void moreQueryHeadsPerKeyAndValueHeadThanThereAreKernelsForAreRefused() {
    assertThatThrownBy(() -> CudaLimits.requireHeads("q: ", 64, 33))
        .hasMessage("--device cuda: q: 33 query heads per KV head; up to 32");
  }
}
