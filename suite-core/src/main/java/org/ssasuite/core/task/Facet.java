package org.ssasuite.core.task;

import java.util.Objects;

/** A slice of the results, as {@code position = (1024, 2048]} or {@code language = zh}. */
public record Facet(String name, String value) {
  public Facet {
    Objects.requireNonNull(name);
    Objects.requireNonNull(value);
  }

  @Override
  public String toString() {
    return name + "=" + value;
  }
}
