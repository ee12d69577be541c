package org.ssasuite.core.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class NumpyRandomTest {
  private static List<Long> draws(long seed, long low, long high, int n) {
    NumpyRandom random = new NumpyRandom(seed);
    return LongStream.range(0, n).mapToObj(i -> random.randint(low, high)).toList();
  }

  /** numpy 1.26: {@code seed(42); [randint(10000, 99999) for _ in range(8)]}. */
  @Test
  void drawsWhatNumpyDraws() {
    assertThat(draws(42, 10_000, 99_999, 8))
        .containsExactly(25795L, 10860L, 86820L, 64886L, 16265L, 92386L, 47194L, 97498L);
  }

  @Test
  void drawsNothingForARangeOfOne() {
    NumpyRandom random = new NumpyRandom(42);

    assertThat(random.randint(7, 8)).isEqualTo(7);
    assertThat(random.randint(10_000, 99_999)).isEqualTo(25795);
  }

  @Test
  void refusesAnEmptyRange() {
    assertThatThrownBy(() -> new NumpyRandom(0).randint(5, 5))
        .hasMessageContaining("from 5 to below 5");
  }

  @Test
  void refusesASeedThatNumpyRefuses() {
    assertThatThrownBy(() -> new NumpyRandom(1L << 32)).hasMessageContaining("4294967296");
  }
}
