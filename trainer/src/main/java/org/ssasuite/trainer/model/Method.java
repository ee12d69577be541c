package org.ssasuite.trainer.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.trainer.attention.AttentionBranch;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.model.LayerAttention.Counterpart;
import org.ssasuite.trainer.model.LayerAttention.GatedBranch;
import org.ssasuite.trainer.model.LayerAttention.Streamed;
import org.ssasuite.trainer.recipe.Alignment;
import org.ssasuite.trainer.recipe.Masking;
import org.ssasuite.trainer.recipe.TrainSpec;
import org.ssasuite.trainer.recipe.Variant;

/**
 * A variant's streams of attention: which branches each has, what masks them, what aligns them.
 *
 * @param alignment SSA's; absent in the other variants
 */
public record Method(
    Variant variant, TrainSpec.Attention budget, Optional<Alignment> alignment, Masking masking) {
  /** What a specification asks for. */
  public static Method of(TrainSpec spec) {
    return new Method(spec.variant(), spec.attention(), spec.alignment(), spec.rows().masking());
  }

  /** The streams that this variant is trained in. */
  public List<Stream> streams() {
    return switch (variant) {
      case FULL -> List.of(Stream.FULL);
      case MOBA, NSA -> List.of(Stream.SPARSE);
      case SSA -> List.of(Stream.FULL, Stream.SPARSE);
    };
  }

  /** One layer's attention when it runs in a stream. */
  public LayerAttention layer(Stream stream, PackedBatch batch) {
    Optional<Counterpart> counterpart =
        alignment
            .filter(a -> a.directions() != Alignment.Directions.NONE)
            .map(a -> new Counterpart(streamed(other(stream), batch), stream == Stream.FULL, a));
    return new LayerAttention(streamed(stream, batch), counterpart);
  }

  /** A stream alone, as evaluation runs it. */
  public Streamed streamed(Stream stream, PackedBatch batch) {
    boolean within = masking == Masking.CONSISTENT || withinDocuments(stream);
    return new Streamed(branches(stream), within ? batch.documentStarts() : rowStarts(batch));
  }

  private boolean withinDocuments(Stream stream) {
    return masking == Masking.RELEASED && stream == Stream.FULL;
  }

  private static Stream other(Stream stream) {
    return stream == Stream.FULL ? Stream.SPARSE : Stream.FULL;
  }

  private List<GatedBranch> branches(Stream stream) {
    if (stream == Stream.FULL) {
      return List.of(new GatedBranch(new AttentionBranch.Full(), 1));
    }
    GatedBranch selected =
        new GatedBranch(
            new AttentionBranch.Selected(
                budget.blockSize(), budget.blockCount(), SelectionRule.EXACT),
            1);
    OptionalInt window = budget.window();
    if (window.isEmpty()) {
      return List.of(selected);
    }
    return List.of(
        new GatedBranch(new AttentionBranch.Compressed(budget.blockSize()), 0),
        selected,
        new GatedBranch(new AttentionBranch.Window(window.getAsInt()), 2));
  }

  private static int[] rowStarts(PackedBatch batch) {
    int[] starts = new int[batch.rows() + 1];
    for (int row = 0; row <= batch.rows(); row++) {
      starts[row] = row * batch.length();
    }
    return starts;
  }
}
