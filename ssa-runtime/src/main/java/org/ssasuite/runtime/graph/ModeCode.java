package org.ssasuite.runtime.graph;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntToLongFunction;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;

/**
 * An attention mode as the operators read it: kind, block size, block count, window. Random blocks
 * have a seed for each sequence behind them, and for the window the layers before the graph's.
 */
public final class ModeCode {
  private ModeCode() {}

  /** The four numbers of {@code ops/mode.cc}. */
  public static long[] of(AttentionMode mode) {
    if (mode instanceof BlockSparse sparse) {
      return new long[] {kind(sparse.rule()), sparse.blockSize(), sparse.blockCount(), 0};
    }
    if (mode instanceof ThreeBranch three) {
      return new long[] {3, three.blockSize(), three.blockCount(), three.window()};
    }
    return new long[] {0, 0, 0, 0};
  }

  private static long kind(SelectionRule rule) {
    return switch (rule) {
      case EXACT -> 1;
      case RELEASED -> 2;
      case WINDOW -> 4;
      case RANDOM -> 5;
      case BEST -> 6;
    };
  }

  /** Whether the blocks are drawn: then each sequence has a seed. */
  public static boolean isDrawn(AttentionMode mode) {
    return mode instanceof BlockSparse sparse && sparse.rule() == SelectionRule.RANDOM;
  }

  /**
   * A code with the seeds that a mode of drawn blocks needs; another mode's stays as it is.
   *
   * @param layer which layer the graph's first one is
   * @param seed of each sequence, by its number
   */
  public static long[] withSeeds(long[] code, int layer, int sequences, IntToLongFunction seed) {
    if (code[0] != kind(SelectionRule.RANDOM)) {
      return code;
    }
    long[] all = Arrays.copyOf(code, code.length + sequences);
    all[3] = layer;
    for (int s = 0; s < sequences; s++) {
      all[code.length + s] = seed.applyAsLong(s);
    }
    return all;
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
