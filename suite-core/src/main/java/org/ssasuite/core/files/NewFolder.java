package org.ssasuite.core.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.ssasuite.core.BadInputException;

/**
 * Makes folders of files that appear when they are complete: the files are written to a folder
 * beside the target, which then takes the target's name. If anything fails, nothing is left.
 */
public final class NewFolder {
  private NewFolder() {}

  /** Writes files into a folder, none of them in folders of its own. */
  @FunctionalInterface
  public interface Content {
    void write(Path folder) throws IOException;
  }

  /**
   * Makes a folder.
   *
   * @param out a folder that does not exist or is empty
   * @throws BadInputException if the folder is not empty or cannot be written
   */
  public static void write(Path out, Content content) {
    try {
      Path target = emptyTarget(out);
      Path draft = draftBeside(target);
      try {
        content.write(draft);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException | RuntimeException e) {
        discard(draft, e);
        throw e;
      }
    } catch (IOException e) {
      throw BadInputException.io(out, e);
    }
  }

  private static Path emptyTarget(Path out) throws IOException {
    if (!Files.exists(out)) {
      Path target = out.toAbsolutePath().normalize();
      Files.createDirectories(target.getParent());
      return target;
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(out)) {
      if (content.iterator().hasNext()) {
        throw new BadInputException(out, "the folder is not empty");
      }
    }
    return out.toRealPath();
  }

  private static Path draftBeside(Path target) throws IOException {
    // Not createTempDirectory: its folder would stay closed to others after the renaming.
    for (int i = 1; ; i++) {
      try {
        return Files.createDirectory(
            target.resolveSibling("." + target.getFileName() + ".unfinished-" + i));
      } catch (FileAlreadyExistsException e) {
        // Left by a run that was killed, or another run's: the next number.
      }
    }
  }

  private static void discard(Path draft, Exception cause) {
    try {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(draft)) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
