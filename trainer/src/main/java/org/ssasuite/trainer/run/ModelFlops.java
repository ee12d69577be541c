package org.ssasuite.trainer.run;

import java.util.OptionalInt;
import org.ssasuite.trainer.model.ParameterLayout;
import org.ssasuite.trainer.recipe.Alignment;
import org.ssasuite.trainer.recipe.ModelShape;
import org.ssasuite.trainer.recipe.TrainSpec;
import org.ssasuite.trainer.recipe.Variant;

/**
 * Floating-point operations that training on one token takes, for the share of a machine's peak
 * that is used (MFU). Counted: 6 per parameter of a matrix product (2 forward, 4 backward; the
 * vocabulary head is one, looking an embedding up is none) and, per layer and stream, 12·HQ·D per
 * attended key (scores and values, each 2 forward and 4 backward) and 2·HQ·D per block mean that is
 * scored for the selection. Not counted: norms, softmax, whatever is computed a second time on the
 * way back, and that document masks leave keys out.
 */
final class ModelFlops {
  private ModelFlops() {}

  static double perToken(TrainSpec spec, ParameterLayout layout) {
    ModelShape model = spec.model();
    double matrices =
        layout.weights().values().stream()
            .filter(ParameterLayout.Weight::isMatrix)
            .mapToLong(ParameterLayout.Weight::elements)
            .sum();
    // An embedding of its own is only looked up.
    double products =
        matrices
            - (model.tieWordEmbeddings() ? 0 : (double) model.vocabSize() * model.hiddenSize());
    double heads = (double) model.numAttentionHeads() * model.headDim();
    return 6 * products + model.numHiddenLayers() * heads * attention(spec);
  }

  /** Per layer and per feature of all query heads. */
  private static double attention(TrainSpec spec) {
    int tokens = spec.rows().tokens();
    double full = 12 * (tokens + 1) / 2.0;
    double blocks = tokens / (2.0 * spec.attention().blockSize());
    int budget = spec.attention().blockCount() * spec.attention().blockSize();
    double sparse = 12 * attended(tokens, budget) + 2 * blocks;
    OptionalInt window = spec.attention().window();
    if (window.isPresent()) {
      sparse += 12 * blocks + 12 * attended(tokens, window.getAsInt());
    }
    if (spec.variant() == Variant.FULL) {
      return full;
    }
    boolean aligned =
        spec.alignment().filter(a -> a.directions() != Alignment.Directions.NONE).isPresent();
    if (spec.variant() != Variant.SSA) {
      return sparse;
    }
    double ratio = spec.streams().orElseThrow().fullRatio();
    return aligned ? full + sparse : ratio * full + (1 - ratio) * sparse;
  }

  /** Keys that a token attends to on average where it may have the last {@code most}. */
  private static double attended(int tokens, int most) {
    double reached = Math.min(tokens, most);
    return (reached * (reached + 1) / 2 + (tokens - reached) * reached) / tokens;
  }
}
