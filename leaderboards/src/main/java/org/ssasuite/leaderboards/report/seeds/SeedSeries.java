package org.ssasuite.leaderboards.report.seeds;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.statistics.MeanEstimate;
import org.ssasuite.core.statistics.RatioEstimate;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.Transform;

/**
 * Rows of a run that are equal but for the seed: the same model and mode, and the same order of the
 * same task. Each has all of its samples scored.
 *
 * @param rows by seed, two or more, no seed twice
 */
public record SeedSeries(List<ReportedResult> rows) {
  private static final double LEVEL = 0.95;
  private static final long BOOTSTRAP_SEED = 20_251_120;

  public SeedSeries {
    rows = List.copyOf(rows);
    if (rows.size() < 2) {
      throw new IllegalArgumentException("a series of " + rows.size() + " rows");
    }
  }

  /** What rows of a series share. */
  private record Alike(
      String run, ModelCard model, String suite, int version, String metric, TaskOrder order) {}

  /** All that there are, in the rows' order. */
  public static List<SeedSeries> of(List<ReportedResult> results) {
    Map<Alike, Map<Long, ReportedResult>> alike = new LinkedHashMap<>();
    for (ReportedResult row : results) {
      OptionalLong seed = row.order().map(TaskOrder::seed).orElse(OptionalLong.empty());
      Optional<MetricResult> headline = row.headline().filter(one -> one.transform().isPresent());
      if (seed.isPresent() && headline.isPresent() && row.result().complete()) {
        alike
            .computeIfAbsent(
                new Alike(
                    row.run(),
                    row.result().model(),
                    row.result().task().benchmark(),
                    row.result().task().version(),
                    headline.get().metric(),
                    row.order().orElseThrow().withSeed(0)),
                any -> new LinkedHashMap<>())
            .putIfAbsent(seed.getAsLong(), row);
      }
    }
    return alike.values().stream()
        .filter(rows -> rows.size() > 1)
        .map(
            rows ->
                new SeedSeries(
                    rows.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(Map.Entry::getValue)
                        .toList()))
        .toList();
  }

  private ReportedResult first() {
    return rows.get(0);
  }

  public String run() {
    return first().run();
  }

  public String model() {
    return first().model();
  }

  public String mode() {
    return first().mode();
  }

  public String suite() {
    return first().result().task().benchmark();
  }

  /** The task's name without a seed. */
  public String task() {
    return first().result().task().base();
  }

  public String metric() {
    return first().headline().orElseThrow().metric();
  }

  public List<Long> seeds() {
    return rows.stream().map(row -> row.order().orElseThrow().seed().orElseThrow()).toList();
  }

  /** The headline of each row, by seed. */
  public double[] values() {
    return rows.stream().mapToDouble(row -> row.headline().orElseThrow().value()).toArray();
  }

  /**
   * Mean and sample deviation (n − 1), as papers give figures of several seeds.
   *
   * @param deviation in the figures' own unit
   */
  public record Spread(double mean, double deviation) {
    /** Of two values or more. */
    public static Spread of(double[] values) {
      MeanEstimate estimate = MeanEstimate.of(values);
      OptionalDouble error = estimate.standardError();
      return new Spread(estimate.mean(), error.orElseThrow() * Math.sqrt(values.length));
    }
  }

  public Spread spread() {
    return Spread.of(values());
  }

  /**
   * What is known of the mean over these seeds.
   *
   * @param interval over documents, after the metric's transform
   * @param standardError the same; absent for a single document
   */
  public record Known(Interval interval, OptionalDouble standardError, int documents) {
    public Known {
      Objects.requireNonNull(interval);
      Objects.requireNonNull(standardError);
    }
  }

  /** One sample's part in the headline. */
  private record Part(String document, Measure measure) {}

  /**
   * The mean over documents, each with its samples of all seeds; where the seed makes other
   * samples, each seed has its own documents.
   *
   * @throws org.ssasuite.core.BadInputException if a log cannot be read
   */
  public Known known() {
    boolean same = rows.stream().map(row -> row.result().dataDigest()).distinct().count() == 1;
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      String own = same ? "" : seeds().get(i) + "/";
      parts(rows.get(i)).forEach(part -> parts.add(new Part(own + part.document, part.measure)));
    }
    Transform transform = first().headline().orElseThrow().transform().orElseThrow();
    RatioEstimate estimate =
        transform
            .range()
            .estimate(
                parts.stream().mapToDouble(part -> part.measure().value()).toArray(),
                parts.stream().mapToDouble(part -> part.measure().weight()).toArray(),
                parts.stream().map(Part::document).toList(),
                LEVEL,
                BOOTSTRAP_SEED);
    Interval interval = estimate.interval();
    Interval shown =
        interval.method() == Interval.Method.NONE
            ? interval
            : new Interval(
                transform.apply(interval.low()),
                transform.apply(interval.high()),
                interval.level(),
                interval.method());
    OptionalDouble error = estimate.standardError();
    return new Known(
        shown,
        error.isPresent()
            ? OptionalDouble.of(transform.error(estimate.ratio(), error.getAsDouble()))
            : error,
        estimate.documents());
  }

  private List<Part> parts(ReportedResult row) {
    String metric = row.headline().orElseThrow().metric();
    List<SampleRecord> records =
        RunFolder.readSamples(Path.of(row.run()), row.result().model(), row.result().task());
    List<Part> parts = new ArrayList<>();
    for (SampleRecord record : records) {
      record.score().fold(scored -> scored.measures(), unscored -> List.<Measure>of()).stream()
          .filter(measure -> measure.facet().isEmpty() && measure.metric().equals(metric))
          .forEach(measure -> parts.add(new Part(record.document(), measure)));
    }
    return parts;
  }
}
