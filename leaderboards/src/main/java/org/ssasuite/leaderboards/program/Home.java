package org.ssasuite.leaderboards.program;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the suite lies on this machine, and which commit it was built from.
 *
 * @param root the folder that holds {@code models/} and {@code data/}
 * @param commit with {@code +dirty} behind it if the tree was changed; absent outside a checkout
 */
public record Home(Path root, Optional<String> commit) {
  public Home {
    Objects.requireNonNull(root);
    Objects.requireNonNull(commit);
  }

  /** What the launcher handed over: system properties {@code ssa.home} and {@code ssa.commit}. */
  public static Home located() {
    Path root = Path.of(System.getProperty("ssa.home", "."));
    String commit = System.getProperty("ssa.commit", "");
    return new Home(root, commit.isBlank() ? Optional.empty() : Optional.of(commit.strip()));
  }

  /** The embedded data sets. */
  public Path data() {
    return root.resolve("data");
  }

  /** Tables that others published. */
  public Path published() {
    return root.resolve("leaderboards/published");
  }

  /** The embedded models, one folder each. */
  public Path models() {
    return root.resolve("models");
  }
}
