package org.ssasuite.core.run;

import java.util.Objects;
import java.util.Optional;

/** What a run notes beside a task's samples: nothing, or one or both of these. */
public record Notes(Optional<Observing> statistics, Optional<Attributing> attribution) {
  public Notes {
    Objects.requireNonNull(statistics);
    Objects.requireNonNull(attribution);
  }
}
