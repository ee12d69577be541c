package org.ssasuite.trainer.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.BadInputException;

/**
 * The recipes that come with the suite: SSA's release at 1B and its baselines, the shapes of its
 * ablations (300M), the continual training at 32k, and the miniatures.
 */
public final class Recipes {
  private static final List<String> VARIANTS = List.of("fullattn", "moba", "nsa", "ssa");
  private static final List<String> SIZES = List.of("mini", "300m", "1b", "1b-32k");

  private Recipes() {}

  /** All names. */
  public static List<String> names() {
    return SIZES.stream()
        .flatMap(size -> VARIANTS.stream().map(variant -> variant + "-" + size))
        .toList();
  }

  /**
   * A recipe by its name, or the one in a file.
   *
   * @throws BadInputException if it is neither, or the file holds no recipe
   */
  public static TrainSpec recipe(String nameOrFile) {
    if (names().contains(nameOrFile)) {
      return TrainSpecFile.of("recipe " + nameOrFile, embedded(nameOrFile));
    }
    Path file = file(nameOrFile);
    if (!Files.exists(file)) {
      throw new BadInputException(
          nameOrFile, "no such file, and the recipes are " + String.join(", ", names()));
    }
    return TrainSpecFile.read(file);
  }

  private static Path file(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new BadInputException(name, "no such file", e);
    }
  }

  private static String embedded(String name) {
    String resource = name + ".json";
    try (InputStream bytes = Recipes.class.getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new IllegalStateException("the program lacks its resource " + resource);
      }
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
