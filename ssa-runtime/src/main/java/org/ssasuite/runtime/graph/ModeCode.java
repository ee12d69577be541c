package org.ssasuite.runtime.graph;

import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;

/** An attention mode as the operators read it: kind, block size, block count, window. */
public final class ModeCode {
  private ModeCode() {}

  /** The four numbers of {@code ops/attention.cc}. */
  public static long[] of(AttentionMode mode) {
    if (mode instanceof BlockSparse sparse) {
      long kind = sparse.rule() == SelectionRule.EXACT ? 1 : 2;
      return new long[] {kind, sparse.blockSize(), sparse.blockCount(), 0};
    }
    if (mode instanceof ThreeBranch three) {
      return new long[] {3, three.blockSize(), three.blockCount(), three.window()};
    }
    return new long[] {0, 0, 0, 0};
  }
}
