package org.ssasuite.core.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LengthScaleTest {
  @Test
  void doublingsHaveEqualShares() {
    LengthScale scale = new LengthScale(List.of(1024, 2048, 4096, 8192, 16384), 2048);

    assertThat(scale.beyond()).containsExactly(4096, 8192, 16384);
    assertThat(scale.beyond())
        .allSatisfy(l -> assertThat(scale.share(l)).isCloseTo(1.0 / 3, within(1e-15)));
  }

  @Test
  void aLengthHasTheShareOfTheAxisThatLiesBeforeIt() {
    LengthScale scale = new LengthScale(List.of(2048, 4096, 16384), 2048);

    assertThat(scale.share(4096)).isCloseTo(1.0 / 3, within(1e-15));
    assertThat(scale.share(16384)).isCloseTo(2.0 / 3, within(1e-15));
  }

  @Test
  void gainIsMeasuredFrom1kOn() {
    assertThat(new LengthScale(List.of(256, 1024, 8192, 16384), 8192).gainBase()).isEqualTo(1024);
  }

  @Test
  void gainOfAModelOfShortTrainingIsMeasuredFromTheShortestLength() {
    assertThat(new LengthScale(List.of(256, 1024, 2048), 1024).gainBase()).isEqualTo(256);
  }

  @Test
  void nothingBeyondTheTrainedLengthIsRefused() {
    assertThatThrownBy(() -> new LengthScale(List.of(256, 1024), 1024))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
