package org.ssasuite.trainer.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.runtime.checkpoint.Safetensors;
import org.ssasuite.runtime.checkpoint.StoredTensor;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.model.ParameterLayout;
import org.ssasuite.trainer.model.Parameters;
import org.ssasuite.trainer.optimizer.AdamW;

/**
 * A run's checkpoints, {@code step-00000100} and so on: a model folder as Hugging Face has them
 * (fp32 master weights), {@code optimizer.safetensors} and {@code checkpoint.json}, which is
 * written last. A folder gets its name when all of it is on the disk.
 */
public final class CheckpointStore {
  static final String WEIGHTS = "model.safetensors";
  private static final String MEAN = "mean.";
  private static final String SQUARE = "square.";
  private static final String DRAFT = ".draft";
  private static final String REPLACED = ".replaced";

  private final Path folder;
  private final ModelFiles model;
  private final int kept;

  /**
   * What lies beside the weights in every checkpoint.
   *
   * @param config text of {@code config.json}
   * @param tokenizer files that are copied under their names
   */
  public record ModelFiles(String config, List<Path> tokenizer) {
    public ModelFiles {
      tokenizer = List.copyOf(tokenizer);
    }
  }

  /** A checkpoint that is whole. */
  public record Saved(Path folder, int step) {}

  /**
   * A store in a folder that exists.
   *
   * @param kept how many checkpoints stay, the newest ones; at least 1
   */
  public CheckpointStore(Path folder, ModelFiles model, int kept) {
    this.folder = folder;
    this.model = model;
    this.kept = kept;
  }

  /**
   * Writes a checkpoint; older ones than are kept go when it is complete.
   *
   * @param run that it belongs to
   * @throws BadInputException if the disk is full, …
   */
  public Saved write(int step, RunDigests run, Parameters parameters, AdamW optimizer) {
    Path target = named(step).folder();
    Path draft = folder.resolve(DRAFT);
    try {
      restoreReplaced(folder);
      delete(draft);
      Files.createDirectory(draft);
      AtomicFile.write(draft.resolve("config.json"), model.config());
      for (Path file : model.tokenizer()) {
        Path copy = draft.resolve(file.getFileName());
        RegularFile.copy(file, copy);
        flush(copy);
      }
      ParameterLayout layout = parameters.layout();
      TensorScope.run(() -> writeTensors(draft, step, layout, parameters, optimizer));
      AtomicFile.write(
          draft.resolve(CheckpointFolder.MANIFEST),
          manifest(step, run, CheckpointFolder.digests(draft)));
      flush(draft);
      replace(draft, target);
      for (Saved old : CheckpointFolder.newestFirst(folder).stream().skip(kept).toList()) {
        delete(old.folder());
      }
    } catch (IOException e) {
      throw BadInputException.io(target, e);
    }
    return new Saved(target, step);
  }

  /**
   * The text of the file that makes a checkpoint whole.
   *
   * @param run that it belongs to
   * @param files SHA-256 of every other file, by name
   */
  public static String manifest(int step, RunDigests run, Map<String, String> files) {
    return CheckpointManifest.JSON.document(CheckpointManifest.of(step, run, files));
  }

  /**
   * Gives a whole folder its name. What has the name already goes aside first and away last, so
   * that one of the two is whole whenever the process ends.
   */
  private void replace(Path draft, Path target) throws IOException {
    Path replaced = folder.resolve(REPLACED);
    if (Files.exists(target)) {
      Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    flush(folder);
    delete(replaced);
  }

  /** Of a process that ended while it replaced a checkpoint: back to its name, if that is free. */
  private static void restoreReplaced(Path folder) throws IOException {
    Path replaced = folder.resolve(REPLACED);
    if (!Files.exists(replaced)) {
      return;
    }
    Optional<Path> name = CheckpointFolder.nameOf(replaced);
    if (name.isPresent() && !Files.exists(folder.resolve(name.get()))) {
      Files.move(replaced, folder.resolve(name.get()), StandardCopyOption.ATOMIC_MOVE);
    } else {
      delete(replaced);
    }
  }

  private static void writeTensors(
      Path draft, int step, ParameterLayout layout, Parameters parameters, AdamW optimizer) {
    TensorFile.write(draft.resolve(WEIGHTS), views(layout, "", parameters.master()));
    Map<String, Tensor> state = views(layout, MEAN, optimizer.mean());
    state.putAll(views(layout, SQUARE, optimizer.square()));
    state.put(CheckpointFolder.STEP, torch.ones(1).mul(new Scalar((float) step)));
    TensorFile.write(draft.resolve(CheckpointFolder.OPTIMIZER), state);
  }

  private static Map<String, Tensor> views(ParameterLayout layout, String prefix, Tensor flat) {
    Map<String, Tensor> views = new LinkedHashMap<>();
    layout.weights().forEach((name, w) -> views.put(prefix + name, Parameters.view(flat, w)));
    return views;
  }

  /** What a step's checkpoint is called, whether it is there or not. */
  public Saved named(int step) {
    return new Saved(folder.resolve(CheckpointFolder.name(step)), step);
  }

  /**
   * The newest whole checkpoint in a folder.
   *
   * @throws BadInputException if one is not of the step that its folder is called after, or was
   *     changed
   */
  public static Optional<Saved> newest(Path folder) {
    try {
      restoreReplaced(folder);
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
    return CheckpointFolder.newestFirst(folder).stream().findFirst();
  }

  /**
   * The whole checkpoints in a folder, the newest first; nothing is changed.
   *
   * @throws BadInputException if one is not of the step that its folder is called after
   */
  public static List<Saved> all(Path folder) {
    return CheckpointFolder.newestFirst(folder);
  }

  /**
   * Makes sure that a checkpoint is what was written, by this run at this step.
   *
   * @param run what lies beside it now
   * @throws BadInputException that names the first file that is not
   */
  public static void require(Saved saved, RunDigests run) {
    CheckpointFolder.require(saved, run);
  }

  /**
   * Puts a checkpoint's numbers in place.
   *
   * @throws BadInputException if they do not fit the model
   */
  public static void restore(Saved saved, Parameters parameters, AdamW optimizer, Engine engine) {
    Path weights = saved.folder().resolve(WEIGHTS);
    fill(weights, "", parameters.layout(), parameters.master(), engine);
    Path state = saved.folder().resolve(CheckpointFolder.OPTIMIZER);
    fill(state, MEAN, parameters.layout(), optimizer.mean(), engine);
    fill(state, SQUARE, parameters.layout(), optimizer.square(), engine);
    parameters.round();
  }

  private static void fill(
      Path file, String prefix, ParameterLayout layout, Tensor flat, Engine engine) {
    Map<String, StoredTensor> stored = Safetensors.read(file);
    for (ParameterLayout.Weight weight : layout.weights().values()) {
      StoredTensor tensor = stored.get(prefix + weight.name());
      if (tensor == null || tensor.elements() != weight.elements()) {
        throw new BadInputException(
            file, "has no '" + prefix + weight.name() + "' of shape " + weight.shape());
      }
      TensorScope.run(
          () ->
              Parameters.view(flat, weight).copy_(engine.numbers(tensor.floats(), weight.axes())));
    }
  }

  /** Makes what was written to a file, or the names in a folder, outlive the machine. */
  private static void flush(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    // The manifest first: what is left of a folder is no checkpoint then.
    Files.deleteIfExists(folder.resolve(CheckpointFolder.MANIFEST));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
