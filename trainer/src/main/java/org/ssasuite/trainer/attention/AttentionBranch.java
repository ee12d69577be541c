package org.ssasuite.trainer.attention;

import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.SelectionRule;

/** The keys that a token attends to, within its own sequence and never behind itself. */
public sealed interface AttentionBranch {

  /** Every key up to the token. */
  record Full() implements AttentionBranch {}

  /**
   * The keys of the blocks selected for the token and KV head: its own block, and the most
   * important ones before it. The choice carries no gradient.
   *
   * @param blockSize tokens per block: 8, 16, 32, 64 or 128
   * @param blockCount blocks per query token and KV head, the own one included
   */
  record Selected(int blockSize, int blockCount, SelectionRule rule) implements AttentionBranch {
    public Selected {
      // The rules of a budget are those of the evaluated model.
      String mode = new BlockSparse(blockSize, blockCount, rule).text();
      if (rule.isControl()) {
        throw new IllegalArgumentException("no gradients through the blocks of " + mode);
      }
    }
  }

  /**
   * The mean keys and mean values of the blocks that are complete at the token; 0 where there is
   * none.
   *
   * @param blockSize tokens per block: 8, 16, 32, 64 or 128
   */
  record Compressed(int blockSize) implements AttentionBranch {
    public Compressed {
      new BlockSparse(blockSize, 1, SelectionRule.EXACT).text();
    }
  }

  /**
   * The last tokens.
   *
   * @param tokens the own one included; at least 1
   */
  record Window(int tokens) implements AttentionBranch {
    public Window {
      if (tokens < 1) {
        throw new IllegalArgumentException("window must be at least 1 token, not " + tokens);
      }
    }
  }
}
