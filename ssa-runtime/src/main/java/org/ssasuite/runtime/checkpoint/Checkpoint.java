package org.ssasuite.runtime.checkpoint;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.ModelBudget;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.core.files.HashedFiles;
import org.ssasuite.runtime.gguf.GgufFile;

/**
 * A model folder: {@code config.json}, {@code model.safetensors} or shards with their index, and
 * mostly {@code tokenizer.json}; or a GGUF file, which has all of it. Opening reads the
 * configuration and the headers of the weights and checks that they fit; no weight is read.
 */
public final class Checkpoint {
  private static final String CONFIG = "config.json";

  /** SentencePiece's own file. */
  private static final String PIECES = "tokenizer.model";

  private static final String HEAD = ModelLayout.Role.HEAD.tensor();

  /** Of those that a message names. */
  private static final int SOME_TENSORS = 3;

  private final Path folder;
  private final ModelConfig config;
  private final WeightFiles weights;
  private final ModelLayout layout;
  private final Optional<GgufModel> gguf;
  private final Optional<String> name;

  private Checkpoint(
      Path folder,
      ModelConfig config,
      WeightFiles weights,
      ModelLayout layout,
      Optional<GgufModel> gguf,
      Optional<String> name) {
    this.folder = folder;
    this.config = config;
    this.weights = weights;
    this.layout = layout;
    this.gguf = gguf;
    this.name = name;
  }

  /**
   * Opens a model folder, or a GGUF file.
   *
   * @throws BadInputException if a file is missing or corrupt, or the weights do not fit the config
   */
  public static Checkpoint open(Path folder) {
    Path weights = WeightFiles.find(folder);
    Optional<Path> gguf = GgufModel.find(folder, weights);
    return gguf.isPresent() ? ofGguf(folder, gguf.orElseThrow()) : open(folder, weights);
  }

  private static Checkpoint ofGguf(Path folder, Path file) {
    GgufModel model = GgufModel.open(file);
    WeightFiles weights = new WeightFiles(file, List.of(file), model.tensors(), Map.of());
    return new Checkpoint(
        folder, model.config(), weights, model.layout(), Optional.of(model), Optional.empty());
  }

  /**
   * Opens a folder to train from: the same, and where weights are absent, {@code init.safetensors}
   * is read.
   *
   * @throws BadInputException as {@link #open} does
   */
  public static Checkpoint openStart(Path folder) {
    return open(folder, WeightFiles.findStart(folder));
  }

  private static Checkpoint open(Path folder, Path file) {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          folder, Files.exists(folder) ? "not a folder" : "no such model folder");
    }
    WeightFiles.requireKind(folder, file, folder.resolve(CONFIG));
    ModelConfig stated = ModelConfig.read(folder.resolve(CONFIG));
    WeightFiles weights =
        WeightFiles.read(
            folder,
            file,
            name -> NeedlessTensors.contain(name) || (stated.tied() && name.equals(HEAD)));
    ModelConfig config = headed(stated, weights);
    if (config.layers() > weights.tensors().size()) {
      throw new BadInputException(
          folder.resolve(CONFIG),
          "'num_hidden_layers' is %d for weights of %d tensors"
              .formatted(config.layers(), weights.tensors().size()));
    }
    boolean gated =
        config.sizes().family().gateable()
            && weights.tensors().containsKey(ModelLayout.Role.GATES.of(0));
    Checkpoint checkpoint =
        new Checkpoint(
            folder,
            config,
            weights,
            ModelLayout.of(config.sizes(), gated),
            Optional.empty(),
            Optional.empty());
    checkpoint.requireWeights();
    checkpoint.modes().forEach(mode -> AttentionMode.parse(mode.text(), config.budget()));
    return checkpoint;
  }

  static Optional<Path> tokenizerFile(Path folder) {
    for (String name :
        List.of("tokenizer.json", "tokenizer.json.xz", "tokenizer.json.gz", "tokenizer.json.zst")) {
      Path file = folder.resolve(name);
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /**
   * Where a tied model brings a head of its own that has other numbers than the embedding,
   * transformers 5 takes the head and says so; 4 took the embedding. Source: transformers 5.24,
   * {@code PreTrainedModel.tie_weights}.
   */
  private static ModelConfig headed(ModelConfig config, WeightFiles weights) {
    StoredTensor embedding = weights.tensors().get(ModelLayout.Role.EMBEDDING.tensor());
    StoredTensor head = weights.tensors().get(HEAD);
    if (!config.tied() || embedding == null || head == null) {
      return config;
    }
    embedding.requireShape(config.vocabulary(), config.hidden());
    head.requireShape(config.vocabulary(), config.hidden());
    return head.equalsIn(embedding) ? config : config.untied();
  }

  private void requireWeights() {
    for (ModelLayout.Tensor wanted : layout.tensors().values()) {
      StoredTensor tensor = tensor(wanted.name());
      tensor.requireShape(wanted.axes());
      tensor.requireReadable();
    }
    Set<String> used = layout.names();
    List<String> unknown =
        weights.tensors().values().stream()
            .filter(tensor -> !used.contains(tensor.name()))
            .filter(tensor -> !NeedlessTensors.contain(tensor))
            .map(StoredTensor::name)
            .filter(name -> !(config.tied() && name.equals(HEAD)))
            .sorted()
            .toList();
    if (!unknown.isEmpty()) {
      throw new BadInputException(weights.named(), othersFact(unknown));
    }
  }

  static String othersFact(List<String> unknown) {
    String some =
        unknown.stream().limit(SOME_TENSORS).collect(Collectors.joining("', '", "'", "'"));
    int more = unknown.size() - SOME_TENSORS;
    return "holds tensors that are not computed with here: "
        + some
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** The same model under another name in tables. */
  public Checkpoint named(String other) {
    return new Checkpoint(folder, config, weights, layout, gguf, Optional.of(other));
  }

  /** Short name for tables: the one that it was given, else the folder's. */
  public String name() {
    return name.orElseGet(this::folderName);
  }

  private String folderName() {
    Path last = folder.toAbsolutePath().normalize().getFileName();
    String text = last == null ? "model" : last.toString();
    return GgufFile.isNamed(folder) ? text.substring(0, text.lastIndexOf('.')) : text;
  }

  /** The folder, or the file that was named instead of one. */
  public Path folder() {
    return folder;
  }

  public ModelConfig config() {
    return config;
  }

  /** The tensors that it is computed with; the weights have all of them. */
  public ModelLayout layout() {
    return layout;
  }

  public ModelBudget budget() {
    return config.budget();
  }

  /** Where the files of tokenizers lie: the folder, or the one that a named file is in. */
  private Path home() {
    return gguf.map(model -> model.file().toAbsolutePath().getParent()).orElse(folder);
  }

  /**
   * The tokenizer's file: {@code tokenizer.json}, else a GGUF file with a tokenizer of its own;
   * absent in a folder for token ids only.
   */
  public Optional<Path> tokenizerFile() {
    return tokenizerFile(home())
        .or(() -> gguf.filter(model -> model.noTokenizer().isEmpty()).map(GgufModel::file));
  }

  /**
   * Tokens that a {@code tokenizer.json} beside a GGUF file has if it is its model's, with their
   * ids; none of other models.
   */
  public Map<String, Integer> sampleTokens() {
    return gguf.map(GgufModel::samples).orElseGet(Map::of);
  }

  /** What is said where there is no tokenizer and one is needed. */
  public String noTokenizer() {
    String none =
        Files.exists(home().resolve(PIECES))
            ? "has "
                + PIECES
                + " but no tokenizer.json: save it once with transformers"
                + " (AutoTokenizer.from_pretrained, save_pretrained)"
            : "has no tokenizer.json";
    return gguf.flatMap(GgufModel::noTokenizer).orElse(none);
  }

  /**
   * What its files say of tokens that begin and end texts.
   *
   * @throws BadInputException if one of them cannot be read
   */
  public SpecialTokens specialTokens() {
    return gguf.map(model -> SpecialTokens.over(home(), model.tokens()))
        .orElseGet(() -> SpecialTokens.read(folder));
  }

  /** The folder with the files of its tokenizer and its chat templates. */
  public Path tokenizerFolder() {
    return home();
  }

  /** What the weights' file itself says of chats. */
  public ChatTexts chat() {
    return gguf.map(GgufModel::chat).orElse(ChatTexts.NONE);
  }

  /** Whether attention has gates: a {@code g_proj} in its layers. */
  public boolean gated() {
    return layout.gated();
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
    StoredTensor tensor = weights.tensors().get(name);
    if (tensor == null) {
      throw weights.missing(name);
    }
    return tensor;
  }

  /** The vocabulary head: the embedding where the two are tied. */
  public StoredTensor head() {
    return tensor(layout.head().name());
  }

  /** The number formats of a GGUF file's weights and how many have each; absent of others. */
  public Optional<String> ggufFormats() {
    return gguf.map(
        model ->
            model.tensors().values().stream()
                .collect(
                    Collectors.groupingBy(
                        StoredTensor::storedType, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(format -> format.getKey() + " in " + format.getValue())
                .collect(Collectors.joining(", ", "GGUF, ", "")));
  }

  /** Parameters in all weights that the model is computed with. */
  public long parameters() {
    return layout.parameters();
  }

  /** What the model computes apart from its weights: sizes, gates, window, in one line. */
  public String shape() {
    return "layers %d, width %d, heads %d of %d, KV heads %d, feed-forward %d, vocabulary %d, %s%s%s%s"
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
                : "",
            departures());
  }

  /** What it computes otherwise than a plain Llama. */
  private String departures() {
    OptionalInt window = config.window();
    return config.sizes().parts().text()
        + config.departures().text()
        + (window.isPresent() ? ", sliding window " + window.getAsInt() : "");
  }

  /** The files that the model is made of. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>();
    if (gguf.isEmpty()) {
      files.add(folder.resolve(CONFIG));
    }
    files.addAll(weights.files());
    tokenizerFile().filter(file -> !files.contains(file)).ifPresent(files::add);
    files.addAll(SpecialTokens.files(home()));
    return files;
  }

  /** SHA-256 of each file that the model is made of, by name. Reads all of them. */
  public Map<String, String> digests() {
    return HashedFiles.read(files()).digests();
  }
}
