package org.ssasuite.trainer.checkpoint;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.runtime.checkpoint.Safetensors;
import org.ssasuite.runtime.checkpoint.StoredTensor;
import org.ssasuite.trainer.checkpoint.CheckpointStore.Saved;

/**
 * The files of one checkpoint held against each other and against the run that they lie in, before
 * any of their numbers counts. The step stands in the folder's name, in the manifest and in the
 * optimiser's state.
 */
final class CheckpointFolder {
  static final String MANIFEST = "checkpoint.json";
  static final String OPTIMIZER = "optimizer.safetensors";

  /** Of the optimiser's state, as in PyTorch's. */
  static final String STEP = "step";

  private static final long MAX_MANIFEST_BYTES = 1L << 20;

  private CheckpointFolder() {}

  static String name(int step) {
    return String.format(Locale.ROOT, "step-%08d", step);
  }

  /** The name that a whole checkpoint has to have; absent if the folder is none. */
  static Optional<Path> nameOf(Path folder) {
    Path file = folder.resolve(MANIFEST);
    return Files.exists(file) ? Optional.of(Path.of(name(read(file).step()))) : Optional.empty();
  }

  /**
   * The whole checkpoints of a run, the newest first.
   *
   * @throws BadInputException if one is not of the step that its folder is called after
   */
  static List<Saved> newestFirst(Path checkpoints) {
    List<Saved> all = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(checkpoints, "step-*")) {
      for (Path one : folders) {
        // A link that leads nowhere too: a state is never passed over in silence.
        if (Files.exists(one.resolve(MANIFEST), LinkOption.NOFOLLOW_LINKS)) {
          all.add(new Saved(one, manifest(one).step()));
        }
      }
    } catch (IOException e) {
      throw BadInputException.io(checkpoints, e);
    }
    all.sort(Comparator.comparingInt(Saved::step).reversed());
    return all;
  }

  private static CheckpointManifest manifest(Path checkpoint) {
    Path file = checkpoint.resolve(MANIFEST);
    CheckpointManifest manifest = read(file);
    if (!name(manifest.step()).equals(String.valueOf(checkpoint.getFileName()))) {
      throw new BadInputException(file, "is of step " + manifest.step() + ", its folder is not");
    }
    if (!manifest.isWhole()) {
      throw new BadInputException(
          file, "was changed since it was written: it has not the SHA-256 that it states");
    }
    return manifest;
  }

  private static CheckpointManifest read(Path file) {
    return CheckpointManifest.JSON.read(
        new DataFile(file, MAX_MANIFEST_BYTES),
        CheckpointManifest.SCHEMA,
        CheckpointManifest.class,
        tree -> {});
  }

  /**
   * Makes sure that a checkpoint is what was written, by this run at this step.
   *
   * @throws BadInputException that names the first file that is not
   */
  static void require(Saved saved, RunDigests run) {
    CheckpointManifest manifest = manifest(saved.folder());
    Path beside = saved.folder().toAbsolutePath().getParent().getParent();
    requireSame(beside.resolve("recipe.json"), run.recipe(), manifest.run().recipe(), saved);
    requireSame(beside.resolve("manifest.json"), run.manifest(), manifest.run().manifest(), saved);
    requireSame(beside.resolve("train.csv"), run.log(), manifest.run().log(), saved);
    Map<String, String> files = digests(saved.folder());
    if (!files.keySet().equals(manifest.files().keySet())) {
      throw new BadInputException(
          saved.folder(), "has files " + files.keySet() + ", " + MANIFEST + " names others");
    }
    files.forEach(
        (name, digest) -> {
          if (!digest.equals(manifest.files().get(name))) {
            throw new BadInputException(
                saved.folder().resolve(name), "has not the SHA-256 that " + MANIFEST + " has");
          }
        });
    requireStep(saved);
  }

  private static void requireSame(Path file, String here, String there, Saved saved) {
    if (!here.equals(there)) {
      throw new BadInputException(
          file, "is not what it was when checkpoint " + saved.folder().getFileName() + " was made");
    }
  }

  private static void requireStep(Saved saved) {
    Path file = saved.folder().resolve(OPTIMIZER);
    StoredTensor stored = Safetensors.read(file).get(STEP);
    if (stored == null || stored.elements() != 1) {
      throw new BadInputException(file, "has no '" + STEP + "' of one number");
    }
    FloatBuffer step = stored.floats();
    if (step.get(0) != (float) saved.step()) {
      throw new BadInputException(
          file, "is of step " + step.get(0) + ", its folder of step " + saved.step());
    }
  }

  /** Of every file but the manifest. */
  static Map<String, String> digests(Path checkpoint) {
    Map<String, String> digests = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(checkpoint)) {
      for (Path file : files) {
        if (!file.endsWith(MANIFEST)) {
          digests.put(String.valueOf(file.getFileName()), Digests.sha256(file));
        }
      }
    } catch (IOException e) {
      throw BadInputException.io(checkpoint, e);
    }
    return digests;
  }
}
