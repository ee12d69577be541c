package org.ssasuite.trainer.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.trainer.attention.AttentionBranch;
import org.ssasuite.trainer.recipe.Alignment;

/**
 * What the attention of one layer computes in a pass.
 *
 * @param main whose output goes on through the layer
 * @param counterpart the other stream, for SSA's alignment
 */
public record LayerAttention(Streamed main, Optional<Counterpart> counterpart) {
  /**
   * A branch and the gate that weighs it.
   *
   * @param gate 0 compressed, 1 selected and full, 2 window
   */
  public record GatedBranch(AttentionBranch branch, int gate) {
    public GatedBranch {
      Objects.requireNonNull(branch);
      Objects.checkIndex(gate, 3);
    }
  }

  /**
   * One stream of attention.
   *
   * @param starts boundaries of the sequences that it stays within
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on to the kernels as it is
  public record Streamed(List<GatedBranch> branches, int[] starts) {
    public Streamed {
      branches = List.copyOf(branches);
    }
  }

  /**
   * The stream that a layer is aligned with.
   *
   * @param mainIsFull whether the main stream is the full one, and this the sparse one
   */
  public record Counterpart(Streamed stream, boolean mainIsFull, Alignment alignment) {
    public Counterpart {
      Objects.requireNonNull(stream);
      Objects.requireNonNull(alignment);
    }
  }

  public LayerAttention {
    Objects.requireNonNull(main);
    Objects.requireNonNull(counterpart);
  }
}
