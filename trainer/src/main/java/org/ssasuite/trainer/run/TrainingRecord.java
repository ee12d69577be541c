package org.ssasuite.trainer.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.trainer.checkpoint.CheckpointStore;
import org.ssasuite.trainer.checkpoint.CheckpointStore.Saved;
import org.ssasuite.trainer.checkpoint.RunDigests;

/**
 * What a training run leaves beside its checkpoints, which belong to it.
 *
 * @param folder of the run
 */
public record TrainingRecord(Path folder) {
  /** The first line of {@code train.csv}. */
  public static final String LOG_HEADER = StepLog.HEADER;

  private static final String RECIPE = "recipe.json";

  Path recipe() {
    return folder.resolve(RECIPE);
  }

  Path evaluations() {
    return folder.resolve("evaluations.csv");
  }

  Path log() {
    return folder.resolve("train.csv");
  }

  Path manifest() {
    return folder.resolve("manifest.json");
  }

  Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /**
   * Writes the recipe, or makes sure that the one which is there is this one.
   *
   * @throws BadInputException if it is not any more the manifest's, which is settled already
   */
  void settleRecipe(String text) {
    Path recipe = recipe();
    if (!Files.exists(recipe)) {
      AtomicFile.write(recipe, text);
    } else if (!Digests.sha256(recipe).equals(Digests.sha256(text))) {
      throw new BadInputException(recipe, "is not the recipe that manifest.json names");
    }
  }

  /**
   * The digests of what lies beside a checkpoint.
   *
   * @param log the log's up to the checkpoint's step
   */
  RunDigests digests(String log) {
    return new RunDigests(Digests.sha256(recipe()), Digests.sha256(manifest()), log);
  }

  /**
   * The newest checkpoint, which belongs to this run at this step; absent if there is none.
   *
   * @throws BadInputException that names the first file that was changed or does not belong
   */
  public Optional<Saved> newest() {
    Optional<Saved> newest = CheckpointStore.newest(checkpoints());
    newest.ifPresent(
        saved -> CheckpointStore.require(saved, digests(StepLog.digestUpTo(saved.step(), log()))));
    return newest;
  }
}
