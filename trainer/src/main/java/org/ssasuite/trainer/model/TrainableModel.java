package org.ssasuite.trainer.model;

import java.nio.file.Path;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelFamily;

/** Which checkpoints the layers here compute as their families define them. */
final class TrainableModel {
  private static final Set<ModelFamily> FAMILIES = Set.of(ModelFamily.SSA, ModelFamily.LLAMA);

  private TrainableModel() {}

  /**
   * Refuses another. Tensors that are not trained are refused by {@link ParameterLayout}.
   *
   * @throws BadInputException naming what its config says
   */
  static void require(Checkpoint checkpoint) {
    Path file = checkpoint.folder().resolve("config.json");
    ModelConfig config = checkpoint.config();
    ModelFamily family = config.sizes().family();
    if (!FAMILIES.contains(family)) {
      throw new BadInputException(
          file, "'model_type' is '" + family.modelType() + "', which is not trained here");
    }
    if (config.ropeScaling().limit().isPresent()) {
      throw new BadInputException(
          file, "rope scaling '" + config.ropeScaling().text() + "' is not trained with here");
    }
  }
}
