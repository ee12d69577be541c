package org.ssasuite.core.attention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttendedKeysTest {
  @Test
  void fullAttentionSeesHalfOfTheSequence() {
    assertThat(AttendedKeys.mean(new Full(), 9)).isEqualTo(5);
  }

  @Test
  void blocksAreWholeButForTheOwnOne() {
    // Of 8 + 8 + 4 tokens with two blocks: 1 … 8, 9 … 16, then 9 … 12.
    BlockSparse two = new BlockSparse(8, 2, SelectionRule.WINDOW);

    assertThat(AttendedKeys.mean(two, 20)).isEqualTo((36 + 100 + 42) / 20.0);
  }

  @Test
  void moreBlocksThanThereAreIsFullAttention() {
    BlockSparse all = new BlockSparse(16, 1_000, SelectionRule.EXACT);

    assertThat(AttendedKeys.mean(all, 333)).isEqualTo(AttendedKeys.mean(new Full(), 333));
  }

  @Test
  void releasedRuleTakesHalfOfItsBudgetFromItsOwnStretch() {
    BlockSparse released = new BlockSparse(8, 8, SelectionRule.RELEASED);
    // Position 64 begins the second stretch of eight blocks: four earlier ones and its own token.
    double sum = AttendedKeys.mean(released, 65) * 65 - AttendedKeys.mean(released, 64) * 64;

    assertThat(Math.round(sum)).isEqualTo(33);
  }
}
