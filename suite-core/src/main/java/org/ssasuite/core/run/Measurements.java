package org.ssasuite.core.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.statistics.RatioEstimate;
import org.ssasuite.core.statistics.Ratios;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Transform;

/** The measures of all samples of one task, and what they come to. Mutable, one owner. */
final class Measurements {
  private static final double LEVEL = 0.95;

  private static final Interval UNKNOWN =
      new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, LEVEL, Interval.Method.NONE);

  /** One for all metrics, so that metrics of the same documents are resampled alike. */
  private static final long BOOTSTRAP_SEED = 20_251_120;

  private final Aggregate aggregate;
  private final Map<Slice, Column> columns = new LinkedHashMap<>();
  private final Set<Facet> facets = new LinkedHashSet<>();
  private double chances;
  private int chancesKnown;
  private int samples;

  /** One metric over all samples or one facet. */
  private record Slice(String metric, Optional<Facet> facet) {}

  private static final class Column {
    final List<Measure> measures = new ArrayList<>();
    final List<String> documents = new ArrayList<>();

    double[] values() {
      return measures.stream().mapToDouble(Measure::value).toArray();
    }

    double[] weights() {
      return measures.stream().mapToDouble(Measure::weight).toArray();
    }
  }

  Measurements(Aggregate aggregate) {
    this.aggregate = aggregate;
  }

  /**
   * Takes in one sample.
   *
   * @param chance what guessing is expected to get for it on the headline
   * @throws IllegalStateException for a metric that the aggregate does not list, or one that the
   *     sample measures twice
   */
  void add(String document, Scored score, OptionalDouble chance) {
    chances += chance.orElse(0);
    chancesKnown += chance.isPresent() ? 1 : 0;
    samples++;
    Set<Slice> seen = new HashSet<>();
    for (Measure measure : score.measures()) {
      Slice slice = new Slice(measure.metric(), measure.facet());
      if (aggregate.metrics().stream().noneMatch(rule -> rule.metric().equals(slice.metric()))) {
        throw new IllegalStateException("metric '" + slice.metric() + "' is not in the aggregate");
      }
      if (!seen.add(slice)) {
        throw new IllegalStateException("metric '" + slice.metric() + "' is measured twice");
      }
      measure.facet().ifPresent(facets::add);
      Column column = columns.computeIfAbsent(slice, s -> new Column());
      column.measures.add(measure);
      column.documents.add(document);
    }
  }

  /**
   * The metrics over all samples in the aggregate's order, then the same for each facet, facets in
   * order of first appearance. A metric that nothing was measured for, or with weight 0 only, has
   * no result.
   */
  List<MetricResult> results(IntervalRule intervals) {
    return results((rule, facet, column) -> result(rule, facet, column, intervals));
  }

  /** The same without intervals: each is the whole line. */
  List<MetricResult> figures() {
    return results(Measurements::figure);
  }

  /** How a column becomes a result. */
  private interface Reckoning {
    MetricResult of(MetricRule rule, Optional<Facet> facet, Column column);
  }

  private List<MetricResult> results(Reckoning reckoning) {
    List<MetricResult> results = new ArrayList<>();
    addResults(Optional.empty(), reckoning, results);
    facets.forEach(facet -> addResults(Optional.of(facet), reckoning, results));
    return results;
  }

  /** The headline's chance level; absent if a sample has none, or if there is no sample. */
  OptionalDouble chance() {
    return samples > 0 && chancesKnown == samples
        ? OptionalDouble.of(aggregate.headline().transform().apply(chances / samples))
        : OptionalDouble.empty();
  }

  private void addResults(Optional<Facet> facet, Reckoning reckoning, List<MetricResult> results) {
    for (MetricRule rule : aggregate.metrics()) {
      Column column = columns.get(new Slice(rule.metric(), facet));
      if (column != null && column.measures.stream().anyMatch(m -> m.weight() > 0)) {
        results.add(reckoning.of(rule, facet, column));
      }
    }
  }

  private static MetricResult result(
      MetricRule rule, Optional<Facet> facet, Column column, IntervalRule intervals) {
    RatioEstimate estimate =
        intervals
            .of(rule.range())
            .estimate(column.values(), column.weights(), column.documents, LEVEL, BOOTSTRAP_SEED);
    return new MetricResult(
        rule.metric(),
        facet,
        rule.transform().apply(estimate.ratio()),
        transformed(estimate.interval(), rule.transform()),
        estimate.samples(),
        estimate.documents(),
        rule.better(),
        Optional.of(rule.transform()),
        intervals.standardError(estimate, rule.transform()));
  }

  private static MetricResult figure(MetricRule rule, Optional<Facet> facet, Column column) {
    Ratios.Point point = Ratios.point(column.values(), column.weights(), column.documents);
    return new MetricResult(
        rule.metric(),
        facet,
        rule.transform().apply(point.ratio()),
        UNKNOWN,
        point.samples(),
        point.documents(),
        rule.better(),
        Optional.of(rule.transform()));
  }

  private static Interval transformed(Interval interval, Transform transform) {
    if (interval.method() == Interval.Method.NONE) {
      return interval;
    }
    return new Interval(
        transform.apply(interval.low()),
        transform.apply(interval.high()),
        interval.level(),
        interval.method());
  }
}
