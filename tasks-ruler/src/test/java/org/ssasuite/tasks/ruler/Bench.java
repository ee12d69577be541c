package org.ssasuite.tasks.ruler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.files.Digests;
import org.ssasuite.tasks.ruler.RulerTasks.Material;
import org.ssasuite.tasks.ruler.RulerTasks.Recipe;

/** A data folder with the questions that the check values were made from, and an empty cache. */
final class Bench {
  private static final int HASH_DIGITS = 16;

  private final Path folder;

  Bench(Path folder) {
    this.folder = folder;
    for (String name : List.of("squad.json.xz", "hotpotqa.json.xz")) {
      Path file = folder.resolve("ruler_qa").resolve(name);
      try (InputStream in = Bench.class.getResourceAsStream("/qa/" + name)) {
        Files.createDirectories(file.getParent());
        Files.write(file, in.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  Path cache() {
    return folder.resolve("cache");
  }

  Material material() {
    return new Material(folder, Optional.empty(), List.of(), cache());
  }

  static Recipe recipe(String version, int length, long seed, int count) {
    return new Recipe(version, length, seed, OptionalInt.of(count));
  }

  List<String> lines(String task, Recipe recipe) {
    return RulerTasks.lines(task, recipe, material(), RulerTasks.whitespace()).toList();
  }

  RulerTask task(String name, Recipe recipe) {
    return (RulerTask) RulerTasks.create(name, recipe, material(), RulerTasks.whitespace(), false);
  }

  static String hash(String text) {
    return Digests.sha256(text).substring(0, HASH_DIGITS);
  }
}
