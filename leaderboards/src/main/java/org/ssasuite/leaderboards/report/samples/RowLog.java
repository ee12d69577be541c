package org.ssasuite.leaderboards.report.samples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.AttributionLog;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.TaskResult;
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
   * @param failure why it failed, where that was looked for
   * @param facts what else is known of it, in the order of interest
   */
  public record Line(
      String sample,
      String document,
      OptionalDouble value,
      Optional<String> said,
      long tokens,
      long cutTokens,
      Optional<String> failure,
      List<SampleFacts.Fact> facts) {
    public Line {
      facts = List.copyOf(facts);
    }
  }

  /** A sample with the measure that ranks it. */
  private record Measured(SampleRecord record, Optional<Measure> measure) {
    OptionalDouble value() {
      return measure.map(each -> OptionalDouble.of(each.value())).orElse(OptionalDouble.empty());
    }
  }

  /** Reads the logs of a row that was checked. */
  public static RowLog read(ReportedResult row) {
    return of(
        Path.of(row.run()),
        row.result(),
        RunFolder.readSamples(Path.of(row.run()), row.result().model(), row.result().task()));
  }

  /**
   * Of a row whose log was read.
   *
   * @param folder of the run
   */
  public static RowLog of(Path folder, TaskResult row, List<SampleRecord> records) {
    Optional<MetricResult> headline =
        row.metrics().stream().filter(metric -> metric.facet().isEmpty()).findFirst();
    List<SamplePairs.Sample> samples = new ArrayList<>();
    List<Measured> failures = new ArrayList<>();
    List<Measured> others = new ArrayList<>();
    for (SampleRecord record : records) {
      Optional<Measure> measure = headline.flatMap(metric -> measure(record, metric.metric()));
      String requests = String.join("\n", record.requests());
      samples.add(new SamplePairs.Sample(requests, record.document(), measure));
      Measured measured = new Measured(record, measure);
      if (measure.isEmpty() || headline.map(metric -> failed(measured, metric)).orElse(true)) {
        failures.add(measured);
      } else {
        others.add(measured);
      }
    }
    boolean higher =
        headline.map(MetricResult::better).equals(Optional.of(MetricRule.Better.HIGHER));
    Comparator<Measured> worst = Comparator.comparingDouble(one -> badness(one, higher));
    failures.sort(worst.reversed());
    List<Measured> worstOnes = failures.stream().limit(FAILURES).toList();
    List<Measured> someOthers = others.stream().limit(OTHERS).toList();
    Map<String, AttributionRecord> needles =
        needles(folder, row, Stream.concat(worstOnes.stream(), someOthers.stream()));
    return new RowLog(
        samples,
        worstOnes.stream().map(each -> line(each, needles)).toList(),
        someOthers.stream().map(each -> line(each, needles)).toList(),
        failures.size());
  }

  /** Of the samples that are shown. */
  private static Map<String, AttributionRecord> needles(
      Path folder, TaskResult row, Stream<Measured> shown) {
    Map<String, AttributionRecord> needles = new HashMap<>();
    if (row.attribution().isPresent()) {
      Set<String> names = shown.map(each -> each.record().sample()).collect(Collectors.toSet());
      AttributionLog.forEach(
          folder.resolve(RunFolder.attributionName(row.model(), row.task())),
          record -> {
            if (names.contains(record.sample())) {
              needles.put(record.sample(), record);
            }
          });
    }
    return needles;
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

  private static Line line(Measured measured, Map<String, AttributionRecord> needles) {
    SampleRecord record = measured.record();
    Optional<AttributionRecord> seen = Optional.ofNullable(needles.get(record.sample()));
    Optional<String> said =
        record
            .score()
            .fold(scored -> scored.extracted(), unscored -> Optional.of(unscored.reason()));
    return new Line(
        record.sample(),
        record.document(),
        measured.value(),
        said.map(SampleFacts::beginning),
        record.tokens(),
        record.cutTokens(),
        seen.flatMap(SampleFacts::failure),
        SampleFacts.of(record, seen));
  }

  /** Less than all of a share. A loss has no failures: there its samples rank by it. */
  private static boolean failed(Measured line, MetricResult headline) {
    boolean share = headline.transform().equals(Optional.of(Transform.PERCENT));
    return share
        ? headline.better() == MetricRule.Better.HIGHER && line.value().orElse(0) < 1
        : headline.better() == MetricRule.Better.LOWER;
  }

  private static double badness(Measured line, boolean higher) {
    if (line.value().isEmpty()) {
      return Double.POSITIVE_INFINITY;
    }
    return higher ? -line.value().getAsDouble() : line.value().getAsDouble();
  }
}
