package org.ssasuite.leaderboards.run.work;

import java.util.Objects;
import org.ssasuite.core.run.unit.SampleRange;

/**
 * Samples of one row that are answered together, by whoever.
 *
 * @param row number of the row in the run's manifest
 * @param seconds that it is expected to take
 */
public record WorkUnit(int row, SampleRange samples, double seconds) {
  public WorkUnit {
    Objects.requireNonNull(samples);
    if (row < 0 || !(seconds >= 0)) {
      throw new IllegalArgumentException("row " + row + ", " + seconds + " seconds");
    }
  }
}
