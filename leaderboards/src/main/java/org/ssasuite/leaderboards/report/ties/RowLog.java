package org.ssasuite.leaderboards.report.ties;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Transform;
import org.ssasuite.leaderboards.compare.SamplePairs;

/**
 * What a report keeps of a row's log.
 *
 * @param samples what each asked and came to, to be paired with another row's
 * @param failures samples without a score, then those that failed, the worst first, as far as they
 *     are shown
 * @param others a few of the rest, in the log's order
 * @param failed how many there are of the former
 */
public record RowLog(
    List<SamplePairs.Sample> samples, List<Line> failures, List<Line> others, int failed) {
  private static final int FAILURES = 20;
  private static final int OTHERS = 5;

  public RowLog {
    samples = List.copyOf(samples);
    failures = List.copyOf(failures);
    others = List.copyOf(others);
  }

  /**
   * One sample.
   *
   * @param value of the headline before its transform; absent without a score
   * @param said the answer as the scorer understood it, or why there is no score
   */
  public record Line(
      String sample,
      String document,
      OptionalDouble value,
      Optional<String> said,
      long tokens,
      long cutTokens) {}

  /** Reads the log of a row that was checked. */
  public static RowLog read(ReportedResult row) {
    List<SampleRecord> records =
        RunFolder.readSamples(Path.of(row.run()), row.result().model(), row.result().task());
    return of(records, row.headline());
  }

  static RowLog of(List<SampleRecord> records, Optional<MetricResult> headline) {
    List<SamplePairs.Sample> samples = new ArrayList<>();
    List<Line> failures = new ArrayList<>();
    List<Line> others = new ArrayList<>();
    for (SampleRecord record : records) {
      Optional<Measure> measure = headline.flatMap(metric -> measure(record, metric.metric()));
      String requests = Digests.sha256(String.join("\n", record.requests()));
      samples.add(new SamplePairs.Sample(requests, record.document(), measure));
      Line line = line(record, measure);
      if (measure.isEmpty() || headline.map(metric -> failed(line, metric)).orElse(true)) {
        failures.add(line);
      } else {
        others.add(line);
      }
    }
    boolean higher =
        headline.map(MetricResult::better).equals(Optional.of(MetricRule.Better.HIGHER));
    Comparator<Line> worst = Comparator.comparingDouble(line -> badness(line, higher));
    failures.sort(worst.reversed());
    List<Line> shown = failures.stream().limit(FAILURES).toList();
    return new RowLog(samples, shown, others.stream().limit(OTHERS).toList(), failures.size());
  }

  private static Optional<Measure> measure(SampleRecord record, String metric) {
    return record
        .score()
        .fold(
            scored ->
                scored.measures().stream()
                    .filter(each -> each.facet().isEmpty() && each.metric().equals(metric))
                    .findFirst(),
            unscored -> Optional.empty());
  }

  private static Line line(SampleRecord record, Optional<Measure> measure) {
    Optional<String> said =
        record
            .score()
            .fold(scored -> scored.extracted(), unscored -> Optional.of(unscored.reason()));
    return new Line(
        record.sample(),
        record.document(),
        measure.map(each -> OptionalDouble.of(each.value())).orElse(OptionalDouble.empty()),
        said,
        record.tokens(),
        record.cutTokens());
  }

  /** Less than all of a share. A loss has no failures: there its samples rank by it. */
  private static boolean failed(Line line, MetricResult headline) {
    boolean share = headline.transform().equals(Optional.of(Transform.PERCENT));
    return share
        ? headline.better() == MetricRule.Better.HIGHER && line.value().orElse(0) < 1
        : headline.better() == MetricRule.Better.LOWER;
  }

  private static double badness(Line line, boolean higher) {
    if (line.value().isEmpty()) {
      return Double.POSITIVE_INFINITY;
    }
    return higher ? -line.value().getAsDouble() : line.value().getAsDouble();
  }
}
