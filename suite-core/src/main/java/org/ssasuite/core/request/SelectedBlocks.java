package org.ssasuite.core.request;

import java.util.Arrays;

/** The blocks that one layer attended to, [tokens, KV heads, up to k], ascending. Immutable. */
public final class SelectedBlocks {
  private final int tokens;
  private final int kvHeads;
  private final int blockCount;
  private final int[] blocks;

  /**
   * Copies the blocks in.
   *
   * @param blocks [tokens, kvHeads, blockCount], block numbers within the sequence, ascending, then
   *     −1 where fewer blocks exist
   */
  public SelectedBlocks(int tokens, int kvHeads, int blockCount, int[] blocks) {
    if (blocks.length != Math.multiplyExact(Math.multiplyExact(tokens, kvHeads), blockCount)) {
      throw new IllegalArgumentException(
          blocks.length + " blocks for [" + tokens + ", " + kvHeads + ", " + blockCount + "]");
    }
    this.tokens = tokens;
    this.kvHeads = kvHeads;
    this.blockCount = blockCount;
    this.blocks = blocks.clone();
  }

  public int tokens() {
    return tokens;
  }

  public int kvHeads() {
    return kvHeads;
  }

  /** The blocks of one query token and KV head, ascending. */
  public int[] at(int token, int kvHead) {
    int from = (token * kvHeads + kvHead) * blockCount;
    int count = 0;
    while (count < blockCount && blocks[from + count] >= 0) {
      count++;
    }
    return Arrays.copyOfRange(blocks, from, from + count);
  }
}
