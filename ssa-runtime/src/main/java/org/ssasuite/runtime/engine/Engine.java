package org.ssasuite.runtime.engine;

import java.util.Objects;

/** How models are run. */
public record Engine(RuntimeOptions options, Scheduling scheduling) {
  public Engine {
    Objects.requireNonNull(options);
    Objects.requireNonNull(scheduling);
  }
}
