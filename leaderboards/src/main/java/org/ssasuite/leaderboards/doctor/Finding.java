package org.ssasuite.leaderboards.doctor;

import java.util.Objects;
import java.util.Optional;

/**
 * One thing that was looked at.
 *
 * @param well whether nothing is wrong
 * @param remedy what to do if it is not well, or how to get what is not there and need not be
 */
record Finding(String name, boolean well, String fact, Optional<String> remedy) {
  Finding {
    Objects.requireNonNull(name);
    Objects.requireNonNull(fact);
    Objects.requireNonNull(remedy);
  }

  static Finding well(String name, String fact) {
    return new Finding(name, true, fact, Optional.empty());
  }

  /** What most users do without. */
  static Finding absent(String name, String fact, String remedy) {
    return new Finding(name, true, fact, Optional.of(remedy));
  }

  /** One word for it. */
  String state() {
    if (!well) {
      return "MISSING";
    }
    return remedy.isPresent() ? "absent" : "ok";
  }

  static Finding bad(String name, String fact, String remedy) {
    return new Finding(name, false, fact, Optional.of(remedy));
  }
}
