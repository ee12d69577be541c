package org.ssasuite.core.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.request.AttentionStatistics.Statistic;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.statistics.Ratios;

/**
 * What the statistics of one task's samples come to. A sample's figure is the mean over layers and
 * heads; a document's the mean over its samples, by their queries; a row the mean over documents.
 * Masses on single keys become sink rates: the share of (layer, head) whose mass on key k is above
 * ε, for k = 0 and for the key with the largest share. Mutable, one owner.
 */
final class AttentionTally {
  static final String KEY_MASS = "key_mass_";
  private static final List<Double> EPSILONS = List.of(0.3, 0.1);
  private static final double LEVEL = 0.95;

  /** That of scores: the same documents are resampled alike. */
  private static final long BOOTSTRAP_SEED = 20_251_120;

  private static final Interval UNKNOWN =
      new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, LEVEL, Interval.Method.NONE);

  private final Map<Key, Map<String, Sum>> sums = new LinkedHashMap<>();

  private record Key(String statistic, Optional<Positions> positions) {}

  /** Of one document. Mutable. */
  private static final class Sum {
    double weighted;
    long weight;
    int samples;

    void add(double value, long queries) {
      weighted += value * queries;
      weight += queries;
      samples++;
    }

    double mean() {
      return weighted / weight;
    }
  }

  /** Takes in one sample. */
  void add(StatisticsRecord record) {
    Map<String, Map<Integer, Statistic>> masses = new TreeMap<>();
    Map<String, Sum> whole = new LinkedHashMap<>();
    for (Statistic each : record.statistics().statistics()) {
      int at = each.name().indexOf(KEY_MASS);
      if (at < 0) {
        double mean = each.mean();
        add(each.name(), each.positions(), record.document(), mean, each.queries());
        whole.computeIfAbsent(each.name(), name -> new Sum()).add(mean, each.queries());
      } else {
        Optional<Integer> key = number(each.name().substring(at + KEY_MASS.length()));
        key.ifPresent(
            k ->
                masses
                    .computeIfAbsent(each.name().substring(0, at), branch -> new TreeMap<>())
                    .put(k, each));
      }
    }
    // What is over all positions is written by bucket.
    whole.forEach(
        (name, sum) -> add(name, Optional.empty(), record.document(), sum.mean(), sum.weight));
    masses.forEach((branch, ofKeys) -> addRates(record.document(), branch, ofKeys));
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[0-9]{1,4}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
  }

  private void addRates(String document, String branch, Map<Integer, Statistic> ofKeys) {
    long queries = ofKeys.values().stream().mapToLong(Statistic::queries).max().orElseThrow();
    for (double epsilon : EPSILONS) {
      String name = branch + "sink_rate_" + epsilon;
      if (ofKeys.containsKey(0)) {
        add(name, Optional.empty(), document, rate(ofKeys.get(0), epsilon), queries);
      }
      double worst = 0;
      for (Statistic mass : ofKeys.values()) {
        worst = Math.max(worst, rate(mass, epsilon));
      }
      add(name + "_worst", Optional.empty(), document, worst, queries);
    }
  }

  private static double rate(Statistic mass, double epsilon) {
    long all = mass.layers().stream().mapToLong(List::size).sum();
    long above =
        mass.layers().stream().flatMap(List::stream).filter(value -> value > epsilon).count();
    return (double) above / all;
  }

  private void add(
      String name, Optional<Positions> positions, String document, double value, long queries) {
    sums.computeIfAbsent(new Key(name, positions), key -> new LinkedHashMap<>())
        .computeIfAbsent(document, id -> new Sum())
        .add(value, queries);
  }

  /** A row for each statistic, those over all positions first. */
  List<AttentionResult.Row> rows() {
    return rows(true);
  }

  /** The same without intervals: each is the whole line. */
  List<AttentionResult.Row> figures() {
    return rows(false);
  }

  private List<AttentionResult.Row> rows(boolean intervals) {
    List<AttentionResult.Row> rows = new ArrayList<>();
    for (boolean bucket : new boolean[] {false, true}) {
      sums.forEach(
          (key, documents) -> {
            if (key.positions().isPresent() == bucket) {
              rows.add(row(key, documents, intervals));
            }
          });
    }
    return rows;
  }

  private static AttentionResult.Row row(Key key, Map<String, Sum> documents, boolean intervals) {
    double[] values = documents.values().stream().mapToDouble(Sum::mean).toArray();
    double[] ones = new double[values.length];
    Arrays.fill(ones, 1);
    List<String> ids = List.copyOf(documents.keySet());
    Interval interval =
        intervals ? Ratios.estimate(values, ones, ids, LEVEL, BOOTSTRAP_SEED).interval() : UNKNOWN;
    return new AttentionResult.Row(
        key.statistic(),
        key.positions().map(Positions::text),
        Ratios.point(values, ones, ids).ratio(),
        interval,
        documents.values().stream().mapToInt(sum -> sum.samples).sum(),
        documents.size());
  }
}
