package org.ssasuite.runtime.checkpoint;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;

/**
 * A folder with the tokenizer of a model that others compute: {@code tokenizer.json} and what files
 * beside it say of special tokens. Of a {@code config.json} only what texts and ids need is read,
 * so that it may be of any architecture; weights may be absent.
 *
 * @param tokenizer packed or not
 * @param vocabulary ids that the model has; absent: not stated
 * @param trainedTokens {@code max_position_embeddings}, if it is stated
 */
public record TokenizerFolder(
    Path folder,
    Path tokenizer,
    OptionalInt vocabulary,
    OptionalInt trainedTokens,
    ConfigTokens config,
    SpecialTokens stated) {
  private static final String CONFIG = "config.json";

  public TokenizerFolder {
    Objects.requireNonNull(folder);
    Objects.requireNonNull(tokenizer);
    Objects.requireNonNull(vocabulary);
    Objects.requireNonNull(trainedTokens);
    Objects.requireNonNull(config);
    Objects.requireNonNull(stated);
  }

  /**
   * Reads all but the tokenizer itself.
   *
   * @throws BadInputException if there is no tokenizer, or a file beside it is broken
   */
  public static TokenizerFolder open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          folder, Files.exists(folder) ? "not a folder" : "no such folder with a tokenizer");
    }
    Path tokenizer =
        Checkpoint.tokenizerFile(folder)
            .orElseThrow(() -> new BadInputException(folder, "has no tokenizer.json"));
    Path file = folder.resolve(CONFIG);
    Optional<ConfigFields> config =
        isThere(file)
            ? Optional.of(new ConfigFields(file, ModelConfig.object(file)))
            : Optional.empty();
    OptionalInt vocabulary = size(config, "vocab_size");
    return new TokenizerFolder(
        folder,
        tokenizer,
        vocabulary,
        size(config, "max_position_embeddings"),
        config
            .map(
                fields ->
                    new ConfigTokens(
                        ModelConfig.beginToken(fields),
                        ModelConfig.endTokens(fields, vocabulary.orElse(Integer.MAX_VALUE))))
            .orElse(ConfigTokens.NONE),
        SpecialTokens.read(folder));
  }

  private static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static OptionalInt size(Optional<ConfigFields> config, String field) {
    return config
        .flatMap(fields -> fields.findSize(field))
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** Whether a file names a token that begins texts; the tokenizer need not have it. */
  public boolean begins() {
    return stated.begin().isPresent() || config.begin().isPresent();
  }

  /** The files that it is made of. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>(List.of(tokenizer));
    Path config = folder.resolve(CONFIG);
    if (isThere(config)) {
      files.add(config);
    }
    files.addAll(SpecialTokens.files(folder));
    return files;
  }
}
