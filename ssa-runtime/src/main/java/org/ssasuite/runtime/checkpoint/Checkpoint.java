package org.ssasuite.runtime.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.ModelBudget;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.core.files.Digests;

/**
 * A model folder: {@code config.json}, {@code model.safetensors} or shards with their index, and
 * mostly {@code tokenizer.json}. Opening reads the configuration and the headers of the weights and
 * checks that they fit; no weight is read.
 */
public final class Checkpoint {
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String START = "init.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path folder;
  private final ModelConfig config;
  private final Map<String, StoredTensor> tensors;
  private final List<Path> files;

  private Checkpoint(
      Path folder, ModelConfig config, Map<String, StoredTensor> tensors, List<Path> files) {
    this.folder = folder;
    this.config = config;
    this.tensors = tensors;
    this.files = files;
  }

  /**
   * Opens a model folder.
   *
   * @throws BadInputException if a file is missing or corrupt, or the weights do not fit the config
   */
  public static Checkpoint open(Path folder) {
    return open(folder, weightsFile(folder));
  }

  /**
   * Opens a folder to train from: the same, and where weights are absent, {@code init.safetensors}
   * is read.
   *
   * @throws BadInputException as {@link #open} does
   */
  public static Checkpoint openStart(Path folder) {
    Path weights = weightsFile(folder);
    Path start = folder.resolve(START);
    return open(folder, Files.exists(weights) || !Files.exists(start) ? weights : start);
  }

  private static Checkpoint open(Path folder, Path weights) {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          folder, Files.exists(folder) ? "not a folder" : "no such model folder");
    }
    ModelConfig config = ModelConfig.read(folder.resolve(CONFIG));
    List<Path> files = new ArrayList<>(List.of(folder.resolve(CONFIG)));
    Map<String, StoredTensor> tensors = readWeights(folder, weights, files);
    tokenizerFile(folder).ifPresent(files::add);
    files.addAll(SpecialTokens.files(folder));
    Checkpoint checkpoint = new Checkpoint(folder, config, tensors, files);
    checkpoint.requireWeights();
    checkpoint.modes().forEach(mode -> AttentionMode.parse(mode.text(), config.budget()));
    return checkpoint;
  }

  private static Map<String, StoredTensor> readWeights(Path folder, Path file, List<Path> files) {
    if (!file.endsWith(INDEX)) {
      files.add(file);
      return Safetensors.read(file);
    }
    Map<String, String> homes = Safetensors.index(file);
    Map<String, Map<String, StoredTensor>> shards = new HashMap<>();
    for (String shard : new TreeSet<>(homes.values())) {
      files.add(folder.resolve(shard));
      shards.put(shard, Safetensors.read(folder.resolve(shard)));
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    homes.forEach(
        (name, shard) -> {
          StoredTensor tensor = shards.get(shard).get(name);
          if (tensor == null) {
            throw new BadInputException(
                folder.resolve(shard),
                "tensor '" + name + "', which the index puts here, is missing");
          }
          tensors.put(name, tensor);
        });
    return tensors;
  }

  /** The one file of weights, or the index of several. */
  private static Path weightsFile(Path folder) {
    Path single = folder.resolve(WEIGHTS);
    Path index = folder.resolve(INDEX);
    return Files.exists(single) || !Files.exists(index) ? single : index;
  }

  private static Optional<Path> tokenizerFile(Path folder) {
    for (String name :
        List.of("tokenizer.json", "tokenizer.json.xz", "tokenizer.json.gz", "tokenizer.json.zst")) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private void requireWeights() {
    int hidden = config.hidden();
    long queries = (long) config.queryHeads() * config.headDim();
    long keys = (long) config.kvHeads() * config.headDim();
    tensor("model.embed_tokens.weight").requireShape(config.vocabulary(), hidden);
    for (int i = 0; i < config.layers(); i++) {
      layer(i, "input_layernorm").requireShape(hidden);
      layer(i, "self_attn.q_proj").requireShape(queries, hidden);
      layer(i, "self_attn.k_proj").requireShape(keys, hidden);
      layer(i, "self_attn.v_proj").requireShape(keys, hidden);
      layer(i, "self_attn.o_proj").requireShape(hidden, queries);
      if (gated()) {
        layer(i, "self_attn.g_proj").requireShape(3L * config.queryHeads(), hidden);
      }
      layer(i, "post_attention_layernorm").requireShape(hidden);
      layer(i, "mlp.gate_proj").requireShape(config.feedForward(), hidden);
      layer(i, "mlp.up_proj").requireShape(config.feedForward(), hidden);
      layer(i, "mlp.down_proj").requireShape(hidden, config.feedForward());
    }
    tensor("model.norm.weight").requireShape(hidden);
    head().requireShape(config.vocabulary(), hidden);
  }

  /** Short name for tables: the folder's. */
  public String name() {
    Path last = folder.toAbsolutePath().normalize().getFileName();
    return last == null ? "model" : last.toString();
  }

  public Path folder() {
    return folder;
  }

  public ModelConfig config() {
    return config;
  }

  public ModelBudget budget() {
    return config.budget();
  }

  /** The tokenizer's file; absent in a folder for token ids only. */
  public Optional<Path> tokenizerFile() {
    return tokenizerFile(folder);
  }

  /** Whether attention has gates: a {@code g_proj} in its layers. */
  public boolean gated() {
    return tensors.containsKey("model.layers.0.self_attn.g_proj.weight");
  }

  /**
   * The modes that the model has by itself: NSA its own, any other full and, with a budget, sparse.
   */
  public List<AttentionMode> modes() {
    List<AttentionMode> modes = new ArrayList<>();
    OptionalInt window = budget().window();
    if (window.isEmpty()) {
      modes.add(new Full());
    }
    budget()
        .budget()
        .ifPresent(
            b ->
                modes.add(
                    validated(
                        () ->
                            window.isPresent()
                                ? new ThreeBranch(b.blockSize(), b.blockCount(), window.getAsInt())
                                : new BlockSparse(
                                    b.blockSize(), b.blockCount(), SelectionRule.EXACT))));
    if (modes.isEmpty()) {
      throw new BadInputException(
          folder.resolve(CONFIG), "states 'window_size' but no 'block_size' and 'block_counts'");
    }
    return modes;
  }

  private AttentionMode validated(Supplier<AttentionMode> mode) {
    try {
      return mode.get();
    } catch (IllegalArgumentException e) {
      throw new BadInputException(folder.resolve(CONFIG), e.getMessage());
    }
  }

  /** The mode that {@code inference_mode} names. */
  public AttentionMode defaultMode() {
    List<AttentionMode> modes = modes();
    return config.sparseByDefault() ? modes.get(modes.size() - 1) : modes.get(0);
  }

  /**
   * A weight by its Hugging Face name.
   *
   * @throws BadInputException if there is none
   */
  public StoredTensor tensor(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new BadInputException(weightsFile(folder), "weight '" + name + "' is missing");
    }
    return tensor;
  }

  private StoredTensor layer(int layer, String part) {
    return tensor(layerWeight(layer, part));
  }

  /** The Hugging Face name of a layer's weight. */
  public static String layerWeight(int layer, String part) {
    return "model.layers." + layer + "." + part + ".weight";
  }

  /** The vocabulary head: the embedding where the two are tied. */
  public StoredTensor head() {
    return tensor(config.tied() ? "model.embed_tokens.weight" : "lm_head.weight");
  }

  /** Parameters in all weights. */
  public long parameters() {
    return tensors.values().stream().mapToLong(StoredTensor::elements).sum();
  }

  /** What the model computes apart from its weights: sizes, gates, window, in one line. */
  public String shape() {
    return "layers %d, width %d, heads %d of %d, KV heads %d, feed-forward %d, vocabulary %d, %s%s%s"
        .formatted(
            config.layers(),
            config.hidden(),
            config.queryHeads(),
            config.headDim(),
            config.kvHeads(),
            config.feedForward(),
            config.vocabulary(),
            config.tied() ? "tied" : "own head",
            gated() ? ", gated" : "",
            config.budget().window().isPresent()
                ? ", window " + config.budget().window().getAsInt()
                : "");
  }

  /** SHA-256 of each file that the model is made of, by name. Reads all of them. */
  public Map<String, String> digests() {
    Map<String, String> digests = new TreeMap<>();
    for (Path file : files) {
      digests.put(String.valueOf(file.getFileName()), Digests.sha256(file));
    }
    return digests;
  }
}
