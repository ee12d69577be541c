package org.ssasuite.leaderboards.report.budget;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.statistics.Range;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Transform;
import org.ssasuite.leaderboards.compare.DifferenceScale;
import org.ssasuite.leaderboards.compare.SamplePairs;

/**
 * One model in one mode on one task.
 *
 * @param metric nats per token where the task has them, else its headline
 */
public record BudgetRow(
    ReportedResult reported, MetricResult metric, List<SamplePairs.Sample> samples) {
  private static final Pattern BUDGETED = Pattern.compile("([a-z]+):([0-9]+)x([0-9]+)");

  public BudgetRow {
    Objects.requireNonNull(reported);
    Objects.requireNonNull(metric);
    samples = List.copyOf(samples);
  }

  /**
   * Reads the samples of a result.
   *
   * @return absent where no sample has a score, or a file of before does not say how its metric is
   *     made
   * @throws BadInputException if the log is not any more what the results say
   */
  public static Optional<BudgetRow> read(ReportedResult reported) {
    Optional<MetricResult> metric =
        reported
            .metric(LossMetrics.TOKEN_NATS)
            .or(reported::headline)
            .filter(one -> one.transform().isPresent());
    return metric.map(one -> new BudgetRow(reported, one, samples(reported, one.metric())));
  }

  private static List<SamplePairs.Sample> samples(ReportedResult reported, String metric) {
    Path folder = Path.of(reported.run());
    Path log =
        folder.resolve(RunFolder.logName(reported.result().model(), reported.result().task()));
    reported
        .result()
        .log()
        .filter(seal -> !Digests.sha256(log).equals(seal.sha256()))
        .ifPresent(
            seal -> {
              throw new BadInputException(log, "was changed while it was read");
            });
    return RunFolder.readSamples(folder, reported.result().model(), reported.result().task())
        .stream()
        .map(record -> sample(record, metric, log))
        .toList();
  }

  private static SamplePairs.Sample sample(SampleRecord record, String metric, Path log) {
    Optional<Measure> measure =
        record
            .score()
            .fold(
                scored ->
                    Optional.of(
                        scored.measures().stream()
                            .filter(m -> m.facet().isEmpty() && m.metric().equals(metric))
                            .findFirst()
                            .orElseThrow(
                                () ->
                                    new BadInputException(
                                        log, "sample " + record.sample() + " has no " + metric))),
                unscored -> Optional.empty());
    return new SamplePairs.Sample(
        Digests.sha256(String.join("\n", record.requests())), record.document(), measure);
  }

  String model() {
    return reported.model();
  }

  String mode() {
    return reported.mode();
  }

  String task() {
    return reported.result().task().name();
  }

  /** {@code sparse} of {@code sparse:16x4}; absent in a mode without a budget. */
  Optional<String> rule() {
    return group(1);
  }

  /** {@code 16x4} of {@code sparse:16x4}; absent in a mode without a budget. */
  Optional<String> budget() {
    return group(2).flatMap(size -> group(3).map(count -> size + "x" + count));
  }

  /** Tokens of a block; absent in a mode without a budget. */
  Optional<Integer> blockSize() {
    return group(2).map(Integer::valueOf);
  }

  /** Tokens of all its blocks; absent in a mode without a budget. */
  Optional<Long> budgetTokens() {
    return group(2).flatMap(s -> group(3).map(k -> Long.parseLong(s) * Long.parseLong(k)));
  }

  private Optional<String> group(int number) {
    Matcher form = BUDGETED.matcher(mode());
    return form.matches() ? Optional.of(form.group(number)) : Optional.empty();
  }

  /** What rows must share to be of the same samples of the same model. */
  List<Object> contest() {
    return List.of(
        reported.run(),
        model(),
        reported.result().task(),
        reported.result().protocol(),
        reported.result().dataDigest());
  }

  /** Where the metric's mean can lie. */
  Range range() {
    return metric.transform().orElseThrow().range();
  }

  DifferenceScale scale() {
    return DifferenceScale.of(metric.transform().orElseThrow());
  }

  /** Of the difference. */
  String unit() {
    boolean nats = metric.metric().equals(LossMetrics.TOKEN_NATS);
    return nats && metric.transform().equals(Optional.of(Transform.IDENTITY))
        ? "nats/token"
        : scale().unit();
  }

  /** Whether this row's value is better than another's, by no more than its digits. */
  boolean beats(BudgetRow other) {
    return metric.better() == MetricRule.Better.LOWER
        ? metric.value() < other.metric.value()
        : metric.value() > other.metric.value();
  }
}
