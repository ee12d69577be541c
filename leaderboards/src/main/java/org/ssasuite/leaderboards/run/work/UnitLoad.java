package org.ssasuite.leaderboards.run.work;

import java.util.List;

/**
 * What one unit of work puts to a model, whatever its mode.
 *
 * @param compared readings that go through a second mode as well, which the first is held against
 * @param writings which go on side by side
 */
public record UnitLoad(List<Reading> readings, List<Reading> compared, List<Writing> writings) {
  public UnitLoad {
    readings = List.copyOf(readings);
    compared = List.copyOf(compared);
    writings = List.copyOf(writings);
  }

  /** Tokens that go through the model, in one mode, at most. */
  public long tokens() {
    return readTokens() + writings.stream().mapToLong(Writing::steps).sum();
  }

  private long readTokens() {
    return readings.stream().mapToLong(Reading::tokens).sum()
        + compared.stream().mapToLong(reading -> 2 * reading.tokens()).sum();
  }
}
