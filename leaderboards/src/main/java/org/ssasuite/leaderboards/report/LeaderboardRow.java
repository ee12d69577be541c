package org.ssasuite.leaderboards.report;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Standing;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.statistics.Interval;

/**
 * One model in one mode on one task.
 *
 * @param standing absent if there is no complete row to compare with, or this one is not complete
 */
record LeaderboardRow(FinishedRun run, ReportedResult reported, Optional<Standing> standing) {
  /** Below this the bootstrap over documents is no longer trusted. */
  private static final int FEW_DOCUMENTS = 20;

  LeaderboardRow {
    Objects.requireNonNull(run);
    Objects.requireNonNull(reported);
    Objects.requireNonNull(standing);
  }

  static LeaderboardRow of(FinishedRun run, TaskResult result) {
    return new LeaderboardRow(run, run.reported(result), Optional.empty());
  }

  LeaderboardRow at(Standing place) {
    return new LeaderboardRow(run, reported, Optional.of(place));
  }

  TaskResult result() {
    return reported.result();
  }

  /** The task's first metric over all samples; absent if no sample has a score. */
  Optional<MetricResult> headline() {
    return reported.headline();
  }

  /** No comparable row is better, and there is one to compare with. */
  boolean best() {
    return standing.filter(Standing::best).isPresent();
  }

  /** A further metric over all samples. */
  Optional<MetricResult> metric(String name) {
    return reported.metric(name);
  }

  /** Whether there is such a metric over all samples beside the headline. */
  boolean isFurther(String name) {
    return metric(name).isPresent() && !headline().equals(metric(name));
  }

  /** The headline's, where its ends say something. */
  Optional<Interval> interval() {
    return headline().flatMap(ReportedResult::interval);
  }

  /** The headline's. */
  OptionalDouble standardError() {
    return headline().map(MetricResult::standardError).orElse(OptionalDouble.empty());
  }

  boolean fewDocuments() {
    return headline().filter(metric -> metric.documents() < FEW_DOCUMENTS).isPresent();
  }

  /** What two rows must share for their numbers to be compared. */
  Contest contest() {
    return new Contest(
        result().task().toString(),
        headline().map(MetricResult::metric).orElse(""),
        result().protocol(),
        result().dataDigest(),
        result().samples() + result().unscored());
  }

  /** Same task and version, metric, protocol, data and number of samples. */
  record Contest(String task, String metric, String protocol, String data, int samples) {}
}
