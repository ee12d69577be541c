package org.ssasuite.runtime.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.gguf.GgufFile;
import org.ssasuite.runtime.gguf.GgufTensor;
import org.ssasuite.runtime.gguf.GgufTokenizer;

/**
 * The model of a GGUF file.
 *
 * @param tensors those of the layout, under their Hugging Face names
 * @param tokens that the file itself names
 * @param samples ordinary tokens of the file, with their ids
 * @param noTokenizer why its own tokenizer is not used; absent if it is
 * @param chat what it says of chats
 */
record GgufModel(
    Path file,
    ModelConfig config,
    ModelLayout layout,
    Map<String, StoredTensor> tensors,
    SpecialTokens tokens,
    Map<String, Integer> samples,
    Optional<String> noTokenizer,
    ChatTexts chat) {

  /**
   * The file that a model is read from: the path itself, or the only one in a folder that has no
   * weights in safetensors; absent where neither is one.
   *
   * @param weights that the folder would be read from
   * @throws BadInputException if there are several
   */
  static Optional<Path> find(Path model, Path weights) {
    if (!Files.isDirectory(model)) {
      return GgufFile.isNamed(model) ? Optional.of(model) : Optional.empty();
    }
    if (Files.exists(weights)) {
      return Optional.empty();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(model, "*.gguf")) {
      files.forEach(found::add);
    } catch (IOException e) {
      throw BadInputException.io(model, e);
    }
    if (found.size() > 1) {
      found.sort(null);
      throw new BadInputException(
          model,
          "holds "
              + found.size()
              + " GGUF files; name one of them, such as "
              + found.get(0).getFileName());
    }
    return found.stream().findFirst();
  }

  /**
   * Reads the header of a file.
   *
   * @throws BadInputException for whatever lies, is missing, or is not computed here
   */
  static GgufModel open(Path path) {
    GgufFile file = GgufFile.read(path);
    GgufArchitecture architecture = GgufArchitecture.of(file);
    ModelConfig plain = ModelConfig.of(path, GgufConfig.of(file, architecture));
    if (plain.layers() > file.tensors().size()) {
      throw new BadInputException(
          path,
          "'block_count' is %d for weights of %d tensors"
              .formatted(plain.layers(), file.tensors().size()));
    }
    ModelConfig config = new GgufRope(file, architecture).withFactors(plain);
    ModelLayout layout = ModelLayout.of(config.sizes(), false);
    return new GgufModel(
        path,
        config,
        layout,
        weights(file, architecture, config, layout),
        GgufTokens.of(file),
        GgufTokenizer.samples(file),
        GgufTokenizer.refusal(file),
        ChatTexts.of(file, GgufTokenizer.tokens(file)));
  }

  private static Map<String, StoredTensor> weights(
      GgufFile file, GgufArchitecture architecture, ModelConfig config, ModelLayout layout) {
    Set<String> others = new HashSet<>(file.tensors().keySet());
    others.removeAll(GgufRope.tensors(architecture));
    Map<String, StoredTensor> weights = new LinkedHashMap<>();
    for (ModelLayout.Tensor wanted : layout.tensors().values()) {
      String name = GgufArchitecture.name(wanted);
      GgufTensor tensor = file.tensors().get(name);
      if (tensor == null) {
        throw new BadInputException(file.file(), "tensor '" + name + "' is missing");
      }
      int heads = architecture.pairedHeads(wanted.role(), config);
      StoredTensor weight = new GgufWeight(file.file(), wanted.name(), tensor, heads);
      weight.requireShape(wanted.axes());
      weights.put(wanted.name(), weight);
      others.remove(name);
    }
    if (!others.isEmpty()) {
      throw new BadInputException(
          file.file(), Checkpoint.othersFact(others.stream().sorted().toList()));
    }
    return weights;
  }
}
