package org.ssasuite.runtime;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.core.request.SpanSelection;

/**
 * Notes at each step of a generation which stretches of its prompt lie in a selected block.
 * Mutable, lives as long as the generation.
 */
final class SpanTrace {
  private final List<TokenSpan> spans;
  private final int blockSize;
  private final int kvHeads;
  private final List<BitSet> taken = new ArrayList<>();
  private int steps;
  private int layers;

  private SpanTrace(List<TokenSpan> spans, int blockSize, int kvHeads) {
    this.spans = spans;
    this.blockSize = blockSize;
    this.kvHeads = kvHeads;
    spans.forEach(span -> taken.add(new BitSet()));
  }

  /** A trace in a mode that selects blocks; absent in another one. */
  static Optional<SpanTrace> in(AttentionMode mode, List<TokenSpan> spans, int kvHeads) {
    OptionalInt size = blockSize(mode);
    return size.isPresent()
        ? Optional.of(new SpanTrace(spans, size.getAsInt(), kvHeads))
        : Optional.empty();
  }

  private static OptionalInt blockSize(AttentionMode mode) {
    if (mode instanceof BlockSparse sparse) {
      return OptionalInt.of(sparse.blockSize());
    }
    return mode instanceof ThreeBranch branches
        ? OptionalInt.of(branches.blockSize())
        : OptionalInt.empty();
  }

  /**
   * Notes one step.
   *
   * @param selected per layer [KV heads, width]: block numbers, −1 where there are fewer
   */
  void add(List<int[]> selected) {
    layers = selected.size();
    for (int layer = 0; layer < layers; layer++) {
      int[] blocks = selected.get(layer);
      int width = blocks.length / kvHeads;
      for (int head = 0; head < kvHeads; head++) {
        int bit = (steps * layers + layer) * kvHeads + head;
        for (int i = 0; i < spans.size(); i++) {
          if (holds(spans.get(i), blocks, head * width, (head + 1) * width)) {
            taken.get(i).set(bit);
          }
        }
      }
    }
    steps++;
  }

  private boolean holds(TokenSpan span, int[] blocks, int from, int to) {
    int first = span.from() / blockSize;
    int last = (span.to() - 1) / blockSize;
    for (int i = from; i < to; i++) {
      if (blocks[i] >= first && blocks[i] <= last) {
        return true;
      }
    }
    return false;
  }

  /** One entry per stretch; none before the first step. */
  List<SpanSelection> selections() {
    if (steps == 0) {
      return List.of();
    }
    return taken.stream().map(bits -> new SpanSelection(steps, layers, kvHeads, bits)).toList();
  }
}
