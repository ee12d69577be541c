package org.ssasuite.leaderboards.report.latex;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.statistics.PairedTests;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Transform;
import org.ssasuite.leaderboards.compare.PairedTest;
import org.ssasuite.leaderboards.compare.SamplePairs;
import org.ssasuite.leaderboards.report.samples.RowLog;
import org.ssasuite.leaderboards.report.seeds.SeedSections;
import org.ssasuite.leaderboards.report.seeds.SeedSeries;

/** Figures of one column and group of a paper's table, and which of them a test tells apart. */
final class PaperColumn {
  private static final double ALPHA = 0.05;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private PaperColumn() {}

  /** Where a figure stands among those of its group. */
  enum Place {
    BEST,
    TIED,
    BEHIND,
    /** There is no other one. */
    ALONE
  }

  /**
   * A figure.
   *
   * @param value absent where the run has none
   * @param deviation over seeds; absent of a single one
   * @param tasks the samples of each task that it is made of, of all seeds
   */
  record Figure(
      OptionalDouble value, OptionalDouble deviation, List<Samples> tasks, List<SeedSeries> of) {
    Figure {
      Objects.requireNonNull(value);
      Objects.requireNonNull(deviation);
      tasks = List.copyOf(tasks);
      of = List.copyOf(of);
    }
  }

  /** Of one task. */
  record Samples(List<SamplePairs.Sample> samples, Transform transform, MetricRule.Better better) {}

  private static final Figure NONE =
      new Figure(OptionalDouble.empty(), OptionalDouble.empty(), List.of(), List.of());

  /** Of a task with several seeds, or with one. */
  static Figure choice(List<ReportedResult> rows) {
    List<SeedSeries> series = SeedSeries.of(rows);
    if (series.size() != 1) {
      return single(rows);
    }
    SeedSeries.Spread spread = series.get(0).spread();
    return new Figure(
        OptionalDouble.of(spread.mean()),
        OptionalDouble.of(spread.deviation()),
        List.of(samples(series.get(0).rows())),
        series);
  }

  /** Of one row; nothing where there are none, or several that make no series. */
  static Figure single(List<ReportedResult> rows) {
    Optional<MetricResult> metric =
        rows.size() == 1
            ? rows.get(0).headline().filter(one -> one.transform().isPresent())
            : Optional.empty();
    return metric
        .map(
            one ->
                new Figure(
                    OptionalDouble.of(one.value()),
                    OptionalDouble.empty(),
                    List.of(samples(rows)),
                    List.of()))
        .orElse(NONE);
  }

  private static Samples samples(List<ReportedResult> rows) {
    MetricResult metric = rows.get(0).headline().orElseThrow();
    return new Samples(
        rows.stream().flatMap(row -> RowLog.read(row).samples().stream()).toList(),
        metric.transform().orElseThrow(),
        metric.better());
  }

  /** The average over columns, figure by figure; nothing where a column has none. */
  static List<Figure> averages(List<List<Figure>> columns) {
    List<Figure> averages = new ArrayList<>();
    for (int i = 0; i < columns.get(0).size(); i++) {
      int at = i;
      averages.add(average(columns.stream().map(column -> column.get(at)).toList()));
    }
    return averages;
  }

  private static Figure average(List<Figure> figures) {
    if (figures.stream().anyMatch(figure -> figure.value().isEmpty())) {
      return NONE;
    }
    List<Samples> tasks = figures.stream().flatMap(figure -> figure.tasks().stream()).toList();
    List<SeedSeries> series = figures.stream().flatMap(figure -> figure.of().stream()).toList();
    boolean seeds =
        series.size() == figures.size()
            && series.stream().map(SeedSeries::seeds).distinct().count() == 1;
    if (!seeds) {
      double mean =
          figures.stream().mapToDouble(one -> one.value().getAsDouble()).average().orElseThrow();
      return new Figure(OptionalDouble.of(mean), OptionalDouble.empty(), tasks, List.of());
    }
    SeedSeries.Spread spread = SeedSeries.Spread.of(SeedSections.averages(series));
    return new Figure(
        OptionalDouble.of(spread.mean()), OptionalDouble.of(spread.deviation()), tasks, series);
  }

  /** Places, one for each figure. */
  static List<Place> places(List<Figure> figures) {
    List<Integer> there = new ArrayList<>();
    for (int i = 0; i < figures.size(); i++) {
      if (figures.get(i).value().isPresent()) {
        there.add(i);
      }
    }
    List<Place> places = new ArrayList<>(figures.stream().map(figure -> Place.ALONE).toList());
    if (there.size() < 2) {
      return places;
    }
    int best = there.get(0);
    for (int i : there) {
      best = better(figures.get(i), figures.get(best)) ? i : best;
    }
    List<Double> told = new ArrayList<>();
    for (int i : there) {
      if (i != best) {
        told.add(probability(figures.get(best), figures.get(i)));
      }
    }
    List<Double> adjusted = PairedTests.holm(told);
    places.set(best, adjusted.stream().allMatch(p -> p <= ALPHA) ? Place.BEST : Place.TIED);
    int at = 0;
    for (int i : there) {
      if (i != best) {
        places.set(i, adjusted.get(at++) <= ALPHA ? Place.BEHIND : Place.TIED);
      }
    }
    return places;
  }

  private static boolean better(Figure one, Figure other) {
    double difference = one.value().orElseThrow() - other.value().orElseThrow();
    return one.tasks().get(0).better() == MetricRule.Better.LOWER ? difference < 0 : difference > 0;
  }

  /** Of a task by the test that fits it; of an average by its tasks' errors, as independent. */
  private static double probability(Figure best, Figure other) {
    List<SamplePairs> pairs = new ArrayList<>();
    for (int i = 0; i < best.tasks().size(); i++) {
      pairs.add(
          SamplePairs.of(
              best.tasks().get(i).samples(), other.tasks().get(i).samples(), "a comparison"));
    }
    boolean comparable =
        pairs.stream().allMatch(task -> task.pairs().stream().anyMatch(pair -> pair.weightA() > 0));
    if (!comparable) {
      return 1;
    }
    if (pairs.size() == 1) {
      return PairedTest.of(
              pairs.get(0),
              best.tasks().get(0).transform(),
              PairedDocuments.of(pairs.get(0).pairs()))
          .map(PairedTest::probability)
          .orElse(1.0);
    }
    double difference = 0;
    double squares = 0;
    for (SamplePairs task : pairs) {
      PairedDocuments documents = PairedDocuments.of(task.pairs());
      difference += documents.difference();
      squares += Math.pow(documents.standardError().orElse(Double.POSITIVE_INFINITY), 2);
    }
    if (squares == 0) {
      return difference == 0 ? 1 : 0;
    }
    return 2 * NORMAL.survivalProbability(Math.abs(difference) / Math.sqrt(squares));
  }
}
