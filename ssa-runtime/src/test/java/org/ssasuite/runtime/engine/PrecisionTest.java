package org.ssasuite.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Expected values by hand: bf16 keeps 8 significant bits, fp16 11. */
class PrecisionTest {
  @Test
  void tiesGoToTheEvenNeighbour() {
    assertThat(Precision.BF16.rounded(1 + 0x1p-8f)).isEqualTo(1f);
    assertThat(Precision.BF16.rounded(1 + 3 * 0x1p-8f)).isEqualTo(1 + 0x1p-6f);
    assertThat(Precision.FP16.rounded(1 + 0x1p-11f)).isEqualTo(1f);
    assertThat(Precision.FP16.rounded(1 + 3 * 0x1p-11f)).isEqualTo(1 + 0x1p-9f);
  }

  @Test
  void whatLiesBehindATieGoesUp() {
    assertThat(Precision.BF16.rounded(Math.nextUp(1 + 0x1p-8f))).isEqualTo(1 + 0x1p-7f);
    assertThat(Precision.FP16.rounded(-Math.nextUp(1 + 0x1p-11f))).isEqualTo(-(1 + 0x1p-10f));
  }

  @Test
  void halfPrecisionHasNoNumbersAbove65504() {
    assertThat(Precision.FP16.rounded(65_519f)).isEqualTo(65_504f);
    assertThat(Precision.FP16.rounded(65_520f)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Precision.BF16.rounded(65_520f)).isEqualTo(65_536f);
  }

  @Test
  void halfPrecisionHasSubnormals() {
    assertThat(Precision.FP16.rounded(0x1p-24f)).isEqualTo(0x1p-24f);
    assertThat(Precision.FP16.rounded(0x1p-26f)).isEqualTo(0f);
  }

  @Test
  void fp32StaysAsItIs() {
    assertThat(Precision.FP32.rounded(0.1f)).isEqualTo(0.1f);
  }

  @Test
  void numbersArePutInTheirOwnWidth() {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    Precision.BF16.put(new float[] {1, -2, 99}, 2, bytes);

    assertThat(bytes.array()).containsExactly(0x80, 0x3f, 0x00, 0xc0);
  }
}
