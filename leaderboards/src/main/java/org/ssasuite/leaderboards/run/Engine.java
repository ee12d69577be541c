package org.ssasuite.leaderboards.run;

import java.util.Objects;
import org.ssasuite.runtime.RuntimeOptions;
import org.ssasuite.runtime.Scheduling;

/** How the models of a run are run. */
record Engine(RuntimeOptions options, Scheduling scheduling) {
  Engine {
    Objects.requireNonNull(options);
    Objects.requireNonNull(scheduling);
  }
}
