package org.ssasuite.core.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder in the temporary folder that is this user's alone and the same for all processes: {@code
 * ssa-suite-<user number>}. Anybody may have made something of that name before; then what nobody
 * else can write to is made under another name.
 */
public final class OwnTemporaryFolder {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private OwnTemporaryFolder() {}

  /**
   * Finds or makes it.
   *
   * @throws IOException if there can be none; the message names the temporary folder
   */
  public static Path find() throws IOException {
    return find(Path.of(System.getProperty("java.io.tmpdir")));
  }

  static Path find(Path temporary) throws IOException {
    try {
      if (!Files.getFileStore(temporary).supportsFileAttributeView("posix")) {
        // Without owners a name is no promise.
        return processOwn(temporary);
      }
      // The one way in Java to learn who we are that does not ask for a name, which a container's
      // user may not have.
      Path probe = Files.createTempFile(temporary, "ssa-", ".probe");
      Object user = Files.getAttribute(probe, "unix:uid");
      Files.delete(probe);
      Path folder = temporary.resolve("ssa-suite-" + user);
      try {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } catch (FileAlreadyExistsException e) {
        if (!isOurs(folder, user)) {
          return processOwn(temporary);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new IOException(
          "the temporary folder " + temporary + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static boolean isOurs(Path folder, Object user) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(user)
        && Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(OWNER_ONLY);
  }

  /** One for this process alone, which goes with it. */
  private static Path processOwn(Path temporary) throws IOException {
    Path folder = Files.createTempDirectory(temporary, "ssa-suite-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
    return folder;
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // The process ends; there is nobody to tell, and nothing depends on it.
      return;
    }
  }
}
