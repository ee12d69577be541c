package org.ssasuite.core.attention;

/** How many keys a query head attends to. */
public final class AttendedKeys {
  private AttendedKeys() {}

  /**
   * The mean over the queries of a sequence. NSA's compressed branch attends to means of blocks,
   * and its window overlaps with the blocks that it selects: of its keys those of the selected
   * blocks count.
   *
   * @param tokens of the sequence, at least 1
   */
  public static double mean(AttentionMode mode, int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("a sequence of " + tokens + " tokens");
    }
    long sum = 0;
    for (int t = 0; t < tokens; t++) {
      sum += at(mode, t);
    }
    return (double) sum / tokens;
  }

  private static long at(AttentionMode mode, int position) {
    if (mode instanceof BlockSparse sparse) {
      int own = position / sparse.blockSize();
      return inBlocks(blocks(sparse, own), sparse.blockSize(), position);
    }
    if (mode instanceof ThreeBranch three) {
      int own = position / three.blockSize();
      return inBlocks(Math.min(own + 1, three.blockCount()), three.blockSize(), position);
    }
    return position + 1L;
  }

  /** Of the own block only what is not behind the query. */
  private static long inBlocks(int blocks, int blockSize, int position) {
    return (blocks - 1L) * blockSize + position % blockSize + 1;
  }

  private static int blocks(BlockSparse mode, int own) {
    boolean halves = mode.rule() == SelectionRule.RELEASED && mode.blockCount() == mode.blockSize();
    if (!halves || own < mode.blockSize()) {
      return Math.min(own + 1, halves ? mode.blockSize() : mode.blockCount());
    }
    int half = mode.blockCount() / 2;
    return half + Math.min(half - 1, own % mode.blockSize()) + 1;
  }
}
