package org.ssasuite.core.run.unit;

import java.util.List;

/**
 * A share of a run's work that one process does. All shards of a run together have each of its
 * units once.
 *
 * @param number from 1
 * @param of how many shards the run has
 * @param units of each row of the run's manifest, in their order: the samples that are answered
 *     together, in the task's order; none where the shard has no part in a row
 */
public record Shard(int number, int of, List<List<SampleRange>> units) {
  public Shard {
    if (number < 1 || number > of) {
      throw new IllegalArgumentException("shard " + number + " of " + of);
    }
    units = units.stream().map(List::copyOf).toList();
    units.forEach(Shard::requireAscending);
  }

  private static void requireAscending(List<SampleRange> row) {
    for (int i = 1; i < row.size(); i++) {
      if (row.get(i).from() < row.get(i - 1).to()) {
        throw new IllegalArgumentException(
            "samples from " + row.get(i).from() + " behind " + row.get(i - 1).to());
      }
    }
  }

  /** How many samples of a row it has. */
  public int samples(int row) {
    return units.get(row).stream().mapToInt(SampleRange::size).sum();
  }

  /** How many samples it has. */
  public int samples() {
    return units.stream().flatMap(List::stream).mapToInt(SampleRange::size).sum();
  }

  /** As people read it. */
  public String text() {
    return "shard " + number + " of " + of;
  }
}
