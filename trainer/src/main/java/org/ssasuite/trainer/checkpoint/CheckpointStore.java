package org.ssasuite.trainer.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.StrictJson;
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
  static final String OPTIMIZER = "optimizer.safetensors";
  static final String MANIFEST = "checkpoint.json";
  private static final String MEAN = "mean.";
  private static final String SQUARE = "square.";
  private static final String DRAFT = ".draft";
  private static final long MAX_MANIFEST_BYTES = 1L << 20;
  private static final StrictJson JSON = new StrictJson(List.of());

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
   * @throws BadInputException if the disk is full, …
   */
  public Saved write(int step, Parameters parameters, AdamW optimizer) {
    Path target = named(step).folder();
    Path draft = folder.resolve(DRAFT);
    try {
      delete(draft);
      delete(target);
      Files.createDirectory(draft);
      AtomicFile.write(draft.resolve("config.json"), model.config());
      for (Path file : model.tokenizer()) {
        Files.copy(file, draft.resolve(file.getFileName()));
      }
      ParameterLayout layout = parameters.layout();
      TensorScope.run(() -> writeTensors(draft, layout, parameters, optimizer));
      AtomicFile.write(
          draft.resolve(MANIFEST),
          JSON.document(new CheckpointManifest(CheckpointManifest.SCHEMA, step, digests(draft))));
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      flush(folder);
      for (Saved old : newestFirst().stream().skip(kept).toList()) {
        delete(old.folder());
      }
    } catch (IOException e) {
      throw BadInputException.io(target, e);
    }
    return new Saved(target, step);
  }

  private static void writeTensors(
      Path draft, ParameterLayout layout, Parameters parameters, AdamW optimizer) {
    SafetensorsWriter.write(draft.resolve(WEIGHTS), views(layout, "", parameters.master()));
    Map<String, Tensor> state = views(layout, MEAN, optimizer.mean());
    state.putAll(views(layout, SQUARE, optimizer.square()));
    SafetensorsWriter.write(draft.resolve(OPTIMIZER), state);
  }

  private static Map<String, Tensor> views(ParameterLayout layout, String prefix, Tensor flat) {
    Map<String, Tensor> views = new LinkedHashMap<>();
    layout.weights().forEach((name, w) -> views.put(prefix + name, Parameters.view(flat, w)));
    return views;
  }

  /** What a step's checkpoint is called, whether it is there or not. */
  public Saved named(int step) {
    return new Saved(folder.resolve("step-%08d".formatted(step)), step);
  }

  /** The newest checkpoint. */
  public Optional<Saved> newest() {
    return newestFirst().stream().findFirst();
  }

  private List<Saved> newestFirst() {
    List<Saved> all = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, "step-*")) {
      for (Path one : folders) {
        if (Files.exists(one.resolve(MANIFEST))) {
          all.add(new Saved(one, manifest(one).step()));
        }
      }
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
    all.sort(Comparator.comparingInt(Saved::step).reversed());
    return all;
  }

  private static CheckpointManifest manifest(Path checkpoint) {
    DataFile file = new DataFile(checkpoint.resolve(MANIFEST), MAX_MANIFEST_BYTES);
    return JSON.read(file, CheckpointManifest.SCHEMA, CheckpointManifest.class, tree -> {});
  }

  /**
   * Puts a checkpoint's numbers in place.
   *
   * @throws BadInputException if a file was changed since, or does not fit the model
   */
  public static void restore(Saved saved, Parameters parameters, AdamW optimizer, Engine engine) {
    Map<String, String> stated = manifest(saved.folder()).files();
    try {
      if (!digests(saved.folder()).equals(stated)) {
        throw new BadInputException(saved.folder(), "its files are not those of its " + MANIFEST);
      }
    } catch (IOException e) {
      throw BadInputException.io(saved.folder(), e);
    }
    Path weights = saved.folder().resolve(WEIGHTS);
    fill(weights, "", parameters.layout(), parameters.master(), engine);
    Path state = saved.folder().resolve(OPTIMIZER);
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

  private static Map<String, String> digests(Path checkpoint) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(checkpoint)) {
      for (Path file : files) {
        if (!file.endsWith(MANIFEST)) {
          digests.put(String.valueOf(file.getFileName()), Digests.sha256(file));
        }
      }
    }
    return digests;
  }

  private static void flush(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    // The manifest first: what is left of a folder is no checkpoint then.
    Files.deleteIfExists(folder.resolve(MANIFEST));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
