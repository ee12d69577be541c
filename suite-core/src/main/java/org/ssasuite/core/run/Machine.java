package org.ssasuite.core.run;

import java.util.Objects;

/** Where a run took place. */
public record Machine(
    String operatingSystem, String architecture, String processor, int processors, String java) {
  public Machine {
    Objects.requireNonNull(operatingSystem);
    Objects.requireNonNull(architecture);
    Objects.requireNonNull(processor);
    Objects.requireNonNull(java);
  }
}
