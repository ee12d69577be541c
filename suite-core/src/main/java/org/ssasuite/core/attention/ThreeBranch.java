package org.ssasuite.core.attention;

/**
 * NSA as the SSA release has it: compressed blocks, selected blocks and a sliding window, each
 * weighted by a gate.
 *
 * @param blockSize tokens per block: 8, 16, 32, 64 or 128
 * @param blockCount selected blocks per query token and KV head, the own one included
 * @param window tokens of the sliding window, the own one included; at least 1
 */
public record ThreeBranch(int blockSize, int blockCount, int window) implements AttentionMode {
  public ThreeBranch {
    ModeText.requireBudget(blockSize, blockCount);
    if (window < 1) {
      throw new IllegalArgumentException("window must be at least 1 token, not " + window);
    }
  }

  @Override
  public String text() {
    return "nsa:" + blockSize + "x" + blockCount;
  }
}
