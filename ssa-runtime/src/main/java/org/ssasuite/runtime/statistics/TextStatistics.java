package org.ssasuite.runtime.statistics;

import java.util.List;
import java.util.Objects;

/**
 * Where one text's attention goes.
 *
 * @param layers over the whole range of queries, layer by layer
 * @param buckets the same by position bucket, for those that hold a query
 */
public record TextStatistics(
    int tokens,
    QueryRange queries,
    StatisticColumns columns,
    List<HeadStatistics> layers,
    List<Bucket> buckets) {
  public TextStatistics {
    Objects.requireNonNull(queries);
    Objects.requireNonNull(columns);
    layers = List.copyOf(layers);
    buckets = List.copyOf(buckets);
  }

  /**
   * The queries of one position bucket.
   *
   * @param queries those of them that are in the range
   */
  public record Bucket(QueryRange queries, List<HeadStatistics> layers) {
    public Bucket {
      Objects.requireNonNull(queries);
      layers = List.copyOf(layers);
    }
  }
}
