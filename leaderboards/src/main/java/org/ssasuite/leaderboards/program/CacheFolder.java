package org.ssasuite.leaderboards.program;

import java.nio.file.Path;

/** Where programs of a user keep what they can make again. */
public final class CacheFolder {
  private CacheFolder() {}

  /** {@code .cache/ssa-suite} in the home folder. */
  public static Path ofUser() {
    return Path.of(System.getProperty("user.home"), ".cache", "ssa-suite");
  }
}
