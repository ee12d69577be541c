package org.ssasuite.runtime.observation;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.request.Observation;
import org.ssasuite.runtime.Device;

/** The list of what this runtime observes. */
public final class Watchers {
  private static final List<Watcher<?, ?, ?>> ALL = List.of(new BlockWatcher(), new SpanWatcher());

  private Watchers() {}

  /** Whether an observation can be made there. */
  public static boolean observes(Observation<?> asked, Device device) {
    return of(asked).filter(watcher -> watcher.on(device)).isPresent();
  }

  static Optional<Watcher<?, ?, ?>> of(Observation<?> asked) {
    return ALL.stream().filter(watcher -> watcher.asked().isInstance(asked)).findFirst();
  }
}
