package org.ssasuite.core.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Statistics of attention per layer and query head, each a mean over queries.
 *
 * @param statistics none twice; all of one model, and so of as many layers and heads
 */
public record AttentionStatistics(List<Statistic> statistics) implements Observed {
  public AttentionStatistics {
    statistics = List.copyOf(statistics);
    if (statistics.stream().map(Statistic::key).distinct().count() < statistics.size()) {
      throw new IllegalArgumentException("a statistic is there twice");
    }
  }

  /** Query positions {@code from} to {@code to} − 1. */
  public record Positions(int from, int to) {
    public Positions {
      if (from < 0 || to <= from) {
        throw new IllegalArgumentException("no positions: " + from + " to " + to);
      }
    }

    /** As people read it. */
    public String text() {
      return from + ":" + to;
    }
  }

  /**
   * One of them.
   *
   * @param positions the bucket that its queries lie in; absent: all of them
   * @param queries how many queries the mean is over, at least one
   * @param layers [L][HQ] values, the same number of heads in each
   */
  public record Statistic(
      String name, Optional<Positions> positions, long queries, List<List<Double>> layers) {
    public Statistic {
      Objects.requireNonNull(name);
      Objects.requireNonNull(positions);
      layers = layers.stream().map(List::copyOf).toList();
      if (queries < 1
          || layers.isEmpty()
          || layers.get(0).isEmpty()
          || layers.stream().mapToInt(List::size).distinct().count() > 1) {
        throw new IllegalArgumentException(name + " of " + queries + " queries: " + layers);
      }
    }

    private Key key() {
      return new Key(name, positions);
    }

    /** Mean over layers and heads. */
    public double mean() {
      double sum = 0;
      for (List<Double> heads : layers) {
        for (double value : heads) {
          sum += value;
        }
      }
      return sum / ((double) layers.size() * layers.get(0).size());
    }
  }

  private record Key(String name, Optional<Positions> positions) {}

  /** Those of several sequences together: means over all their queries. */
  public static AttentionStatistics together(List<AttentionStatistics> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    Map<Key, List<Statistic>> same = new LinkedHashMap<>();
    for (AttentionStatistics part : parts) {
      for (Statistic each : part.statistics) {
        same.computeIfAbsent(each.key(), key -> new ArrayList<>()).add(each);
      }
    }
    return new AttentionStatistics(same.values().stream().map(AttentionStatistics::mean).toList());
  }

  private static Statistic mean(List<Statistic> parts) {
    Statistic first = parts.get(0);
    long queries = parts.stream().mapToLong(Statistic::queries).sum();
    List<List<Double>> layers = new ArrayList<>();
    for (int layer = 0; layer < first.layers.size(); layer++) {
      List<Double> heads = new ArrayList<>();
      for (int head = 0; head < first.layers.get(layer).size(); head++) {
        double sum = 0;
        for (Statistic part : parts) {
          sum += part.layers.get(layer).get(head) * part.queries;
        }
        heads.add(sum / queries);
      }
      layers.add(heads);
    }
    return new Statistic(first.name, first.positions, queries, layers);
  }
}
