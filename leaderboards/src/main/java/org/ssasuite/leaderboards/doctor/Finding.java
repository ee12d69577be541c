package org.ssasuite.leaderboards.doctor;

import java.util.Objects;
import java.util.Optional;

/**
 * One thing that was looked at.
 *
 * @param remedy what to do if it is not well
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

  static Finding bad(String name, String fact, String remedy) {
    return new Finding(name, false, fact, Optional.of(remedy));
  }
}
