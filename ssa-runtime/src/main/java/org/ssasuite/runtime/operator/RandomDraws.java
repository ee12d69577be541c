package org.ssasuite.runtime.operator;

import java.util.List;
import org.ssasuite.core.attention.RandomBlocks;

/**
 * What random blocks are drawn by, beside KV head, token and block.
 *
 * @param layer counted from 0
 * @param documentSeeds [S] of each sequence, as {@link RandomBlocks#documentSeed} makes them of ids
 */
public record RandomDraws(int layer, List<Long> documentSeeds) {
  public RandomDraws {
    documentSeeds = List.copyOf(documentSeeds);
    if (layer < 0) {
      throw new IllegalArgumentException("layer " + layer);
    }
  }
}
