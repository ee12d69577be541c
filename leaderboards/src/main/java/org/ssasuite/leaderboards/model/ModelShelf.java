package org.ssasuite.leaderboards.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.hub.HubFolder;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.runtime.gguf.GgufFile;

/** Finds models: the embedded ones by their names, everybody else's by their paths. */
public final class ModelShelf {
  /** In table order. */
  private static final List<String> EMBEDDED =
      List.of("fullattn-mini", "moba-mini", "nsa-mini", "ssa-mini");

  private final Home home;

  public ModelShelf(Home home) {
    this.home = Objects.requireNonNull(home);
  }

  /** Names of the models that come with the suite. */
  public static List<String> embedded() {
    return EMBEDDED;
  }

  /**
   * A folder or GGUF file under this path, of a hub's repository its snapshot, else the embedded
   * model of this name.
   *
   * @throws BadInputException if there is neither
   */
  public Path find(String model) {
    Path folder = Path.of(model);
    if (Files.isDirectory(folder)) {
      return HubFolder.resolved(folder);
    }
    if (GgufFile.isNamed(folder) && Files.exists(folder)) {
      return folder;
    }
    if (EMBEDDED.contains(model)) {
      Path embedded = home.models().resolve(model);
      if (Files.isDirectory(embedded)) {
        return embedded;
      }
      throw new BadInputException(embedded, "the embedded model is not there");
    }
    throw new BadInputException(
        "model " + model,
        Files.exists(folder)
            ? "is a file, neither a model folder nor a GGUF file (.gguf)"
            : "no such folder, and none of the embedded models " + String.join(", ", EMBEDDED));
  }
}
