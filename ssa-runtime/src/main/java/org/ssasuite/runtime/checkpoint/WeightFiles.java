package org.ssasuite.runtime.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.ssasuite.core.BadInputException;

/**
 * The tensors of a model folder, from one file or from several with their index.
 *
 * @param named the file of weights, or the index: what messages name
 * @param files that were read
 * @param homes the file of each tensor by the index; empty without one
 */
record WeightFiles(
    Path named, List<Path> files, Map<String, StoredTensor> tensors, Map<String, String> homes) {
  private static final String SINGLE = "model.safetensors";
  private static final String START = "init.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String ADAPTER = "adapter_config.json";

  /** Kinds of weights that are not read, by how their files are called. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "*.gguf", "GGUF",
          "*.{bin,pt,pth}", "PyTorch's format",
          "*.{msgpack,h5}", "Flax's or TensorFlow's format");

  WeightFiles {
    files = List.copyOf(files);
  }

  /** The one file of weights, or the index of several. */
  static Path find(Path folder) {
    Path single = folder.resolve(SINGLE);
    Path index = folder.resolve(INDEX);
    return Files.exists(single) || !Files.exists(index) ? single : index;
  }

  /** The same where training may begin: {@code init.safetensors} where there is no other. */
  static Path findStart(Path folder) {
    Path weights = find(folder);
    Path start = folder.resolve(START);
    return Files.exists(weights) || !Files.exists(start) ? weights : start;
  }

  /**
   * Says what a folder holds instead of a model, if that is plain to see.
   *
   * @param weights the file that is to be read
   * @throws BadInputException if it is an adapter, or its weights are in another form
   */
  static void requireKind(Path folder, Path weights, Path config) {
    if (Files.exists(folder.resolve(ADAPTER)) && !Files.exists(config)) {
      throw new BadInputException(
          folder, "holds an adapter (" + ADAPTER + "), not a model; merge it into its model first");
    }
    if (Files.exists(weights)) {
      return;
    }
    List<String> shards = named(folder, "*.safetensors");
    if (!shards.isEmpty() && !shards.contains(SINGLE)) {
      throw new BadInputException(
          folder, "holds " + some(shards) + ", but neither " + SINGLE + " nor the index " + INDEX);
    }
    new TreeMap<>(OTHERS)
        .forEach(
            (pattern, kind) -> {
              List<String> others = named(folder, pattern);
              if (!others.isEmpty()) {
                throw new BadInputException(
                    folder,
                    "holds weights in "
                        + kind
                        + " only ("
                        + some(others)
                        + "); "
                        + SINGLE
                        + " is needed");
              }
            });
  }

  private static List<String> named(Path folder, String pattern) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
    names.sort(null);
    return names;
  }

  private static String some(List<String> names) {
    return names.size() == 1
        ? names.get(0)
        : names.get(0) + " and " + (names.size() - 1) + " more like it";
  }

  /**
   * Reads the headers.
   *
   * @param needless names that no answer depends on: where the index has them, their file may be
   *     missing
   * @throws BadInputException if a header lies or a file is missing
   */
  static WeightFiles read(Path folder, Path file, Predicate<String> needless) {
    if (!file.endsWith(INDEX)) {
      return new WeightFiles(file, List.of(file), Safetensors.read(file), Map.of());
    }
    Map<String, String> homes = Safetensors.index(file);
    Map<String, List<String>> shards = new TreeMap<>();
    homes.forEach(
        (name, shard) -> shards.computeIfAbsent(shard, any -> new ArrayList<>()).add(name));
    List<Path> files = new ArrayList<>(List.of(file));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    shards.forEach(
        (shard, names) -> {
          Path path = folder.resolve(shard);
          if (Files.exists(path) || !names.stream().allMatch(needless)) {
            files.add(path);
            addShard(tensors, shard, Safetensors.read(path), homes);
          }
        });
    return new WeightFiles(file, files, tensors, homes);
  }

  /** What the index puts elsewhere is that; what it does not know is there all the same. */
  private static void addShard(
      Map<String, StoredTensor> tensors,
      String shard,
      Map<String, StoredTensor> own,
      Map<String, String> homes) {
    own.forEach(
        (name, tensor) -> {
          if (homes.getOrDefault(name, shard).equals(shard)) {
            tensors.putIfAbsent(name, tensor);
          }
        });
  }

  /** What is wrong where a weight is missing. */
  BadInputException missing(String name) {
    String home = homes.get(name);
    return home == null
        ? new BadInputException(named, "weight '" + name + "' is missing")
        : new BadInputException(
            named.resolveSibling(home),
            "tensor '" + name + "', which the index puts here, is missing");
  }
}
