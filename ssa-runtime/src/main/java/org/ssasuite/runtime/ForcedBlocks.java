package org.ssasuite.runtime;

import java.util.List;

/**
 * Blocks of a sequence that are chosen before all others, in every layer and head; within the
 * budget, where they are complete. In a mode that selects nothing there are none.
 *
 * @param blocks by number, each once
 * @param firstQuery the token from which on
 */
record ForcedBlocks(List<Integer> blocks, int firstQuery) {
  /** The selection is free. */
  static final ForcedBlocks NONE = new ForcedBlocks(List.of(), 0);

  ForcedBlocks {
    blocks = List.copyOf(blocks);
    if (firstQuery < 0 || blocks.stream().anyMatch(block -> block < 0)) {
      throw new IllegalArgumentException("blocks " + blocks + " from query " + firstQuery);
    }
  }

  boolean any() {
    return !blocks.isEmpty();
  }
}
