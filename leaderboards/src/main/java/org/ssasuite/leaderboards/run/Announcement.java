package org.ssasuite.leaderboards.run;

import java.util.Optional;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.unit.Shard;
import org.ssasuite.leaderboards.program.Console;

/**
 * What a run says before its first answer: how much is to come, where, and how long it may take.
 */
record Announcement(Console console, RunPlan plan, RunFolder folder) {
  /** Of all of it. */
  void whole() {
    rows(Optional.empty());
    if (plan.isLocal()) {
      console.err().println(RunEstimate.of(plan).text());
    }
  }

  /** Of a share. */
  void shard(Shard own, PlannedUnits units) {
    rows(Optional.of(own));
    console.err().println(RunEstimate.of(plan, units, Optional.of(own)).text());
  }

  private void rows(Optional<Shard> own) {
    int earlier = folder.earlierSamples();
    console
        .err()
        .println(
            own.map(shard -> shard.text() + " of ").orElse("")
                + plan.rows()
                + " rows to come, into "
                + folder.path()
                + (earlier > 0 ? ", which has " + earlier + " samples already" : ""));
  }
}
