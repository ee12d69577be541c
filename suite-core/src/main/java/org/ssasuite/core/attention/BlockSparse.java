package org.ssasuite.core.attention;

import java.util.Objects;

/**
 * Every token attends to its own block and to others before it that a rule chooses, {@code
 * blockCount} in all.
 *
 * @param blockSize tokens per block: 8, 16, 32, 64 or 128
 * @param blockCount blocks per query token and KV head, the own one included; at least 1
 */
public record BlockSparse(int blockSize, int blockCount, SelectionRule rule)
    implements AttentionMode {
  public BlockSparse {
    Objects.requireNonNull(rule);
    ModeText.requireBudget(blockSize, blockCount);
    if (rule == SelectionRule.RELEASED) {
      ModeText.requireReleasable(blockSize, blockCount);
    }
  }

  @Override
  public String text() {
    return rule.modeName() + ":" + blockSize + "x" + blockCount;
  }
}
