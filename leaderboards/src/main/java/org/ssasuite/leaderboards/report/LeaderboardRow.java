package org.ssasuite.leaderboards.report;

import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.statistics.Interval;

/**
 * One model in one mode on one task.
 *
 * @param headline the task's first metric over all samples; absent if no sample has a score
 * @param best no comparable row is better, and there is one to compare with
 */
record LeaderboardRow(
    FinishedRun run, TaskResult result, Optional<MetricResult> headline, boolean best) {
  /** Below this the bootstrap over documents is no longer trusted. */
  private static final int FEW_DOCUMENTS = 20;

  LeaderboardRow {
    Objects.requireNonNull(run);
    Objects.requireNonNull(result);
    Objects.requireNonNull(headline);
  }

  static LeaderboardRow of(FinishedRun run, TaskResult result) {
    Optional<MetricResult> headline =
        result.metrics().stream().filter(metric -> metric.facet().isEmpty()).findFirst();
    return new LeaderboardRow(run, result, headline, false);
  }

  LeaderboardRow markedBest() {
    return new LeaderboardRow(run, result, headline, true);
  }

  /** A further metric over all samples. */
  Optional<MetricResult> metric(String name) {
    return result.metrics().stream()
        .filter(metric -> metric.facet().isEmpty() && metric.metric().equals(name))
        .findFirst();
  }

  /** The interval's ends say something. */
  Optional<Interval> interval() {
    return headline.map(MetricResult::interval).filter(i -> i.method() != Interval.Method.NONE);
  }

  boolean fewDocuments() {
    return headline.isPresent() && headline.get().documents() < FEW_DOCUMENTS;
  }

  /** What two rows must share for their numbers to be compared. */
  Contest contest() {
    return new Contest(
        result.task().toString(),
        headline.map(MetricResult::metric).orElse(""),
        result.protocol(),
        result.dataDigest(),
        result.samples() + result.unscored());
  }

  /** Same task and version, metric, protocol, data and number of samples. */
  record Contest(String task, String metric, String protocol, String data, int samples) {}
}
