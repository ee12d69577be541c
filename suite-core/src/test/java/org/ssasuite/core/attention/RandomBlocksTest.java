package org.ssasuite.core.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Expected keys are those of Python's integers, from the words of docs/formats.md. */
class RandomBlocksTest {
  private static final int[] IDS = {71, 250, 311, 5, 0, 127999, 12, 9, 9, 3, 2, 1};

  @Test
  void documentSeedIsOfTheFirstBlock() {
    assertThat(RandomBlocks.documentSeed(IDS, 8)).isEqualTo(-887700346342572275L);
  }

  @Test
  void documentSeedOfFewerIdsIsOfAllOfThem() {
    assertThat(RandomBlocks.documentSeed(IDS, 16)).isEqualTo(7794827504177928198L);
  }

  @Test
  void noIdsHaveTheSeedZero() {
    assertThat(RandomBlocks.documentSeed(new int[0], 8)).isZero();
  }

  @Test
  void keysAreThoseOfTheStatedGenerator() {
    assertThat(RandomBlocks.of(0, 0, 0, 0).key(0)).isEqualTo(2024692378L);
    assertThat(RandomBlocks.of(0, 0, 0, 0).key(1)).isEqualTo(2782098827L);
    assertThat(RandomBlocks.of(-887700346342572275L, 3, 1, 100).key(7)).isEqualTo(646295694L);
    assertThat(RandomBlocks.of(-1, 31, 7, 131071).key(8191)).isEqualTo(2111888457L);
  }

  /**
   * 3 of 40 blocks, drawn 20,000 times: each is expected 1,500 times. χ² with 39 degrees of
   * freedom; 72.1 is exceeded once in a thousand.
   */
  @Test
  void everyBlockIsDrawnAsOftenAsAnother() {
    int blocks = 40;
    int draws = 20_000;
    int[] drawn = new int[blocks];
    for (int i = 0; i < draws; i++) {
      RandomBlocks of = RandomBlocks.of(i / 4_000, i / 1_000 % 4, i / 500 % 2, 1_000 + i % 500);
      IntStream.range(0, blocks)
          .boxed()
          .sorted(Comparator.comparingLong(b -> -of.key(b)))
          .limit(3)
          .forEach(b -> drawn[b]++);
    }
    double expected = 3.0 * draws / blocks;
    // Var n_b = draws p (1 − p), Cov = −Var / (blocks − 1): scaled so that the sum is χ².
    double variance = expected * (1 - 3.0 / blocks) * blocks / (blocks - 1);
    double chiSquare = 0;
    for (int n : drawn) {
      chiSquare += (n - expected) * (n - expected) / variance;
    }

    assertThat(chiSquare).isLessThan(72.1);
  }

  /** Pairs of blocks: 2 of 12, 66 pairs, 65 degrees of freedom; 105.99 once in a thousand. */
  @Test
  void everyPairIsDrawnAsOftenAsAnother() {
    int[] drawn = new int[144];
    int draws = 33_000;
    for (int i = 0; i < draws; i++) {
      RandomBlocks of = RandomBlocks.of(7, i % 3, i % 5, i);
      int[] two =
          IntStream.range(0, 12)
              .boxed()
              .sorted(Comparator.comparingLong(b -> -of.key(b)))
              .limit(2)
              .mapToInt(Integer::intValue)
              .sorted()
              .toArray();
      drawn[12 * two[0] + two[1]]++;
    }
    double chiSquare = 0;
    for (int a = 0; a < 12; a++) {
      for (int b = a + 1; b < 12; b++) {
        double off = drawn[12 * a + b] - draws / 66.0;
        chiSquare += off * off / (draws / 66.0);
      }
    }

    assertThat(chiSquare).isLessThan(105.99);
  }
}
