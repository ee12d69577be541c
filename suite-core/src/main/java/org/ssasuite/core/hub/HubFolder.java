package org.ssasuite.core.hub;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;

/**
 * A repository as Hugging Face's programs and {@code ssa pull} keep it: {@code snapshots} with a
 * folder for each commit, {@code refs} with the commits of branches.
 */
public final class HubFolder {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}\\s*");
  private static final long MOST_BYTES = 1_000;
  private static final String SNAPSHOTS = "snapshots";

  private HubFolder() {}

  /** Whether a folder is one, and no model or data folder itself. */
  public static boolean is(Path folder) {
    return Files.isDirectory(folder.resolve(SNAPSHOTS))
        && Files.isDirectory(folder.resolve("blobs"));
  }

  /**
   * The snapshot of branch {@code main}, or the only one; a folder of another kind is itself.
   *
   * @throws BadInputException if it cannot be told which, or that is not there
   */
  public static Path resolved(Path folder) {
    if (!is(folder)) {
      return folder;
    }
    Path main = folder.resolve("refs").resolve("main");
    if (Files.exists(main)) {
      String commit = new DataFile(main, MOST_BYTES).text();
      if (!COMMIT.matcher(commit).matches()) {
        throw new BadInputException(main, "names no commit");
      }
      Path snapshot = folder.resolve(SNAPSHOTS).resolve(commit.substring(0, 40));
      if (!Files.isDirectory(snapshot)) {
        throw new BadInputException(
            folder, "has no snapshot of " + commit.substring(0, 40) + ", which is its main");
      }
      return snapshot;
    }
    List<Path> snapshots = snapshots(folder);
    if (snapshots.size() != 1) {
      throw new BadInputException(
          folder,
          "has "
              + snapshots.size()
              + " snapshots and no refs/main; name one of them: "
              + snapshots);
    }
    return snapshots.get(0);
  }

  private static List<Path> snapshots(Path folder) {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> there = Files.newDirectoryStream(folder.resolve(SNAPSHOTS))) {
      there.forEach(all::add);
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
    return all.stream().sorted().toList();
  }
}
