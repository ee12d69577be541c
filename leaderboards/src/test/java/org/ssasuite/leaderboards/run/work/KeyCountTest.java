package org.ssasuite.leaderboards.run.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.attention.AttendedKeys;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;

class KeyCountTest {
  @ParameterizedTest
  @CsvSource({"16, 16, 4096", "16, 4, 1000", "64, 8, 8192", "8, 2, 256"})
  void agreesWithACountQueryByQuery(int size, int count, int tokens) {
    AttentionMode mode = new BlockSparse(size, count, SelectionRule.EXACT);

    assertThat(KeyCount.of(mode, 0, tokens).attended() / tokens)
        .isCloseTo(AttendedKeys.mean(mode, tokens), within(size / 2.0));
  }

  @Test
  void fullAttentionIsExact() {
    assertThat(KeyCount.of(new Full(), 10, 3)).isEqualTo(new KeyCount(11 + 12 + 13, 0));
  }

  @Test
  void aTextInTwoPartsIsTheWholeText() {
    AttentionMode mode = new BlockSparse(16, 16, SelectionRule.EXACT);
    KeyCount whole = KeyCount.of(mode, 0, 3000);
    KeyCount first = KeyCount.of(mode, 0, 1000);
    KeyCount second = KeyCount.of(mode, 1000, 2000);

    assertThat(first.attended() + second.attended()).isCloseTo(whole.attended(), within(1e-6));
    assertThat(first.looked() + second.looked()).isCloseTo(whole.looked(), within(1e-6));
  }

  @Test
  void choosingByMeansLooksAtOneOfEachBlock() {
    double looked = KeyCount.of(new BlockSparse(16, 16, SelectionRule.EXACT), 0, 8192).looked();

    assertThat(looked / (8192.0 * 8193 / 2)).isCloseTo(1 / 16.0, within(1e-9));
  }

  @Test
  void aTextThatFitsIntoTheBudgetNeedsNoChoice() {
    assertThat(KeyCount.of(new BlockSparse(16, 16, SelectionRule.EXACT), 0, 256).looked()).isZero();
  }

  @Test
  void theBestBlocksTakeALookAtEveryKey() {
    KeyCount best = KeyCount.of(new BlockSparse(16, 4, SelectionRule.BEST), 0, 500);

    assertThat(best.looked()).isEqualTo(KeyCount.of(new Full(), 0, 500).attended());
  }

  @Test
  void aWindowNeedsNoLook() {
    assertThat(KeyCount.of(new BlockSparse(16, 4, SelectionRule.WINDOW), 0, 500).looked()).isZero();
  }

  @Test
  void theThreeBranchesAreBlocksWindowAndMeans() {
    KeyCount three = KeyCount.of(new ThreeBranch(16, 1, 8), 0, 1000);
    double blocks = KeyCount.of(new BlockSparse(16, 1, SelectionRule.WINDOW), 0, 1000).attended();
    double window = 8 * 9 / 2.0 + 992 * 8;
    double means = 1000 * 1001 / 2.0 / 16;

    assertThat(three.attended()).isCloseTo(blocks + window + means, within(1e-6));
    assertThat(three.looked()).isEqualTo(means);
  }
}
