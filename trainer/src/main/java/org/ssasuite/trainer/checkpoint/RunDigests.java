package org.ssasuite.trainer.checkpoint;

import java.util.Objects;

/**
 * The training run that a checkpoint belongs to, by SHA-256 of what lies beside its checkpoints.
 *
 * @param recipe of {@code recipe.json}
 * @param manifest of {@code manifest.json}
 * @param log of {@code train.csv} up to the checkpoint's step
 */
public record RunDigests(String recipe, String manifest, String log) {
  public RunDigests {
    Objects.requireNonNull(recipe);
    Objects.requireNonNull(manifest);
    Objects.requireNonNull(log);
  }
}
