package org.ssasuite.tasks.commonsense;

import java.nio.file.Path;

/** The data that the repository embeds. */
final class EmbeddedData {
  private EmbeddedData() {}

  /** The folder that a run without {@code --data} reads. */
  static Path folder() {
    return Path.of(System.getProperty("ssa.root")).resolve("data");
  }
}
