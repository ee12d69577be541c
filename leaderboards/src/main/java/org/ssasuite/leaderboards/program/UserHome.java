package org.ssasuite.leaderboards.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.files.OwnTemporaryFolder;

/**
 * Where this program and its libraries (the tokenizers', JNA, Bytedeco's) keep what they can make
 * again. Java's answer is {@code ?} for a user without an entry in the system's list, as a
 * container's may be, and then all of them would make a folder of that name wherever the program is
 * started; another user's home may be read-only.
 */
public final class UserHome {
  private static final String PROPERTY = "user.home";

  private UserHome() {}

  /**
   * Before any library asks for it: makes Java's answer a folder that can be written. Where there
   * is none, it stays, and whoever needs it says so.
   */
  public static void settle() {
    String stated = System.getProperty(PROPERTY, "");
    usable(stated, System.getenv())
        .or(UserHome::temporary)
        .ifPresent(folder -> System.setProperty(PROPERTY, folder.toString()));
  }

  /** The first that is a folder and can be written: Java's answer, HOME, the cache folder. */
  static Optional<Path> usable(String stated, Map<String, String> environment) {
    return Stream.of(
            stated,
            environment.getOrDefault("HOME", ""),
            environment.getOrDefault("XDG_CACHE_HOME", ""))
        .flatMap(name -> writable(name).stream())
        .findFirst();
  }

  private static Optional<Path> writable(String name) {
    try {
      Path folder = Path.of(name);
      return folder.isAbsolute() && Files.isDirectory(folder) && Files.isWritable(folder)
          ? Optional.of(folder)
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> temporary() {
    try {
      return Optional.of(OwnTemporaryFolder.find());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** This program's own folder for what it can make again. */
  public static Path cache() {
    Path folder = Path.of(System.getProperty(PROPERTY), ".cache", "ssa-suite");
    Path there = folder;
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (Files.isDirectory(there) && Files.isWritable(there)) {
      return folder;
    }
    return temporary().map(own -> own.resolve("cache")).orElse(folder);
  }
}
