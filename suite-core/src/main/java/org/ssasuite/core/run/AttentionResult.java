package org.ssasuite.core.run;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.statistics.Interval;

/**
 * Where the attention of one task's answers went.
 *
 * @param log what the log of its statistics was at the end
 * @param rows a statistic each, those over all positions first
 */
public record AttentionResult(LogSeal log, List<Row> rows) {
  public AttentionResult {
    Objects.requireNonNull(log);
    rows = List.copyOf(rows);
  }

  /**
   * One statistic: the mean over documents of a document's mean over layers, heads and queries.
   *
   * @param positions of the queries, as {@code 0:1024}; absent: all
   * @param interval over documents
   * @param samples in which it was seen
   * @param documents that they stem from
   */
  public record Row(
      String statistic,
      Optional<String> positions,
      double value,
      Interval interval,
      int samples,
      int documents) {
    public Row {
      Objects.requireNonNull(statistic);
      Objects.requireNonNull(positions);
      Objects.requireNonNull(interval);
      if (!Double.isFinite(value) || documents < 1 || samples < documents) {
        throw new IllegalArgumentException(
            statistic + ": " + value + " of " + samples + " samples, " + documents + " documents");
      }
    }

    /** As people read it. */
    String name() {
      return statistic + positions.map(range -> " of queries " + range).orElse("");
    }
  }
}
