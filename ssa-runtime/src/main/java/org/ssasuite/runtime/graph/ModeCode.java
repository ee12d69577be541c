package org.ssasuite.runtime.graph;

import java.util.OptionalInt;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;

/** An attention mode as the operators read it: kind, block size, block count, window. */
public final class ModeCode {
  private ModeCode() {}

  /** The four numbers of {@code ops/mode.cc}. */
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

  /** Tokens of a block; absent in a mode that selects none. */
  public static OptionalInt blockSize(AttentionMode mode) {
    long size = of(mode)[1];
    return size == 0 ? OptionalInt.empty() : OptionalInt.of((int) size);
  }

  /**
   * The same for sequences of at most so many tokens: a count beyond their blocks selects nothing
   * more, but would widen every row of the selection.
   */
  public static long[] of(AttentionMode mode, int longestTokens) {
    long[] code = of(mode);
    boolean quotas = mode instanceof BlockSparse sparse && sparse.rule() == SelectionRule.RELEASED;
    if (code[0] != 0 && !quotas) {
      long blocks = (longestTokens - 1) / code[1] + 1;
      code[2] = Math.min(code[2], Math.max(1, blocks));
    }
    return code;
  }
}
