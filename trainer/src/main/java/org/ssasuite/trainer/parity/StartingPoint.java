package org.ssasuite.trainer.parity;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.ModelBudget;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.trainer.model.Method;
import org.ssasuite.trainer.model.Stream;
import org.ssasuite.trainer.recipe.Alignment;
import org.ssasuite.trainer.recipe.Masking;
import org.ssasuite.trainer.recipe.TrainSpec;
import org.ssasuite.trainer.recipe.Variant;

/** A model folder, trained or not, as the start of a training step of some variant. */
record StartingPoint(Checkpoint checkpoint, Method method) {
  /**
   * Opens a folder.
   *
   * @param alignmentWeight SSA's; not read in other variants
   * @throws BadInputException if the folder is broken, or its config lacks the variant's budget
   */
  static StartingPoint open(Path folder, Variant variant, double alignmentWeight) {
    Checkpoint checkpoint = Checkpoint.openStart(folder);
    Optional<Alignment> alignment =
        variant == Variant.SSA
            ? Optional.of(
                new Alignment(
                    alignmentWeight,
                    Alignment.Point.AFTER_GATE,
                    Alignment.Norm.SMOOTH_L1,
                    Alignment.Directions.BOTH))
            : Optional.empty();
    TrainSpec.Attention budget = budget(folder, checkpoint.budget(), variant);
    return new StartingPoint(checkpoint, new Method(variant, budget, alignment, Masking.NONE));
  }

  private static TrainSpec.Attention budget(Path folder, ModelBudget stated, Variant variant) {
    Path config = folder.resolve("config.json");
    if (variant == Variant.NSA && stated.window().isEmpty()) {
      throw new BadInputException(config, "'window_size' is missing; variant nsa needs it");
    }
    OptionalInt window = variant == Variant.NSA ? stated.window() : OptionalInt.empty();
    if (stated.budget().isEmpty() && variant != Variant.FULL) {
      throw new BadInputException(
          config, "'block_size' and 'block_counts' are missing; the variant needs them");
    }
    try {
      return stated
          .budget()
          .map(b -> new TrainSpec.Attention(b.blockSize(), b.blockCount(), window))
          .orElseGet(() -> new TrainSpec.Attention(16, 16, OptionalInt.empty()));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(config.toString(), e.getMessage(), e);
    }
  }

  /**
   * Refuses a stream that the variant is not trained in.
   *
   * @param subject what said the stream
   * @throws BadInputException if it is another one's
   */
  void require(Stream stream, String subject) {
    if (!method.streams().contains(stream)) {
      throw new BadInputException(
          subject, "this variant is not trained in the " + stream.text() + " stream");
    }
  }
}
