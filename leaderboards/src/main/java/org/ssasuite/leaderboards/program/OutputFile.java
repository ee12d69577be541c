package org.ssasuite.leaderboards.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;

/** Files that a command was told to write: looked at before the work, written after it. */
public final class OutputFile {
  private OutputFile() {}

  /**
   * Fails before the expensive part if a file obviously cannot be written after it.
   *
   * @throws BadInputException if the file is a folder, or its folder is missing or read-only
   */
  public static void requireWritable(Path file) {
    if (Files.isDirectory(file)) {
      throw new BadInputException(file, "is a folder, not a file");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new BadInputException(file, "its folder does not exist");
    }
    boolean writable = Files.exists(file) ? Files.isWritable(file) : Files.isWritable(folder);
    if (!writable) {
      throw new BadInputException(file, "permission denied");
    }
  }

  /**
   * A folder that exists from now on and can be written to.
   *
   * @throws BadInputException if it cannot be made, or is a file
   */
  public static void requireFolder(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(Files.createTempFile(folder, ".ssa-", ".probe"));
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    } catch (ReadOnlyFileSystemException e) {
      throw BadInputException.readOnly(folder, e);
    }
  }

  /** Replaces a regular file in one step; a pipe or a device gets the text as it comes. */
  public static void write(Path file, String text) {
    if (Files.exists(file) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw BadInputException.io(file, e);
      }
      return;
    }
    AtomicFile.write(file, text);
  }
}
