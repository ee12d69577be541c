package org.ssasuite.tasks.pg19;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;

/** Where a data set's file lies: plain, or packed under its name and a further ending. */
final class DataFolder {
  private static final List<String> ENDINGS = List.of("", ".gz", ".xz", ".zst");

  private DataFolder() {}

  /**
   * The plain file if there is one, else the first packed one.
   *
   * @throws BadInputException if there is none, naming the plain file
   */
  static Path find(Path folder, String file) {
    return findIfThere(folder, file)
        .orElseThrow(
            () -> new BadInputException(folder.resolve(file), "no such file, packed or not"));
  }

  /** The same; absent if there is none. */
  static Optional<Path> findIfThere(Path folder, String file) {
    return ENDINGS.stream()
        .map(ending -> folder.resolve(file + ending))
        .filter(Files::exists)
        .findFirst();
  }
}
