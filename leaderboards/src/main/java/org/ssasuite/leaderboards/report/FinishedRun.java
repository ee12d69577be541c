package org.ssasuite.leaderboards.report;

import java.util.Objects;
import org.ssasuite.core.run.RunResult;

/**
 * A run with results.
 *
 * @param folder where it lies, as the user named it
 */
public record FinishedRun(String folder, RunResult result) {
  public FinishedRun {
    Objects.requireNonNull(folder);
    Objects.requireNonNull(result);
  }
}
