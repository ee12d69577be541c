package org.ssasuite.core.catalogue;

import java.util.Objects;
import java.util.stream.Stream;
import org.ssasuite.core.task.Task;

/**
 * A task in a few words.
 *
 * @param samples how many it has
 * @param metric its headline
 * @param protocol what its numbers must share to be compared, or how that comes about
 * @param missing what has to be brought for it; empty if nothing has to be
 */
public record Description(long samples, String metric, String protocol, String missing) {
  public Description {
    Objects.requireNonNull(metric);
    Objects.requireNonNull(protocol);
    Objects.requireNonNull(missing);
  }

  /** Of a task that could be made. */
  static Description of(Task<?> task) {
    try (Stream<?> samples = task.samples()) {
      return new Description(
          samples.count(), task.aggregate().headline().metric(), task.protocol(), "");
    }
  }
}
