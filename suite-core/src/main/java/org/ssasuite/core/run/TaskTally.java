package org.ssasuite.core.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.TaskId;

/**
 * What the samples of one task come to: counts and metrics, from their records alone. Mutable, one
 * owner.
 */
final class TaskTally {
  private final Measurements measurements;
  private final IntervalRule intervals;
  private int scored;
  private int unscored;
  private int truncated;
  private long cutTokens;
  private long tokens;
  private Optional<AttentionResult> attention = Optional.empty();
  private Optional<AttributionResult> attribution = Optional.empty();
  private Map<String, Integer> elsewhere = Map.of();

  TaskTally(Aggregate aggregate) {
    this(aggregate, IntervalRule.WITHIN_RANGE);
  }

  /** One as results of an earlier version were made. */
  TaskTally(Aggregate aggregate, IntervalRule intervals) {
    this.measurements = new Measurements(aggregate);
    this.intervals = intervals;
  }

  /**
   * Takes in one sample.
   *
   * @throws IllegalStateException as {@link Measurements#add}
   */
  void add(SampleRecord sample) {
    boolean counts =
        sample
            .score()
            .fold(
                value -> {
                  measurements.add(sample.document(), value, sample.chance());
                  return true;
                },
                reason -> false);
    scored += counts ? 1 : 0;
    unscored += counts ? 0 : 1;
    tokens += sample.tokens();
    cutTokens += sample.cutTokens();
    truncated += sample.cutTokens() > 0 ? 1 : 0;
  }

  /** Samples so far that have no score. */
  int unscored() {
    return unscored;
  }

  /** Takes where the attention of all samples so far went. */
  void saw(AttentionResult seen) {
    attention = Optional.of(seen);
  }

  /** Takes why samples so far failed. */
  void attributed(AttributionResult why) {
    attribution = Optional.of(why);
  }

  /** Takes how many samples so far another device answered, by its name. */
  void answered(Map<String, Integer> byOthers) {
    elsewhere = Map.copyOf(byOthers);
  }

  /**
   * The result of all samples so far.
   *
   * @param log what the log of these samples is
   * @param seconds that the model took for its answers
   */
  TaskResult result(
      ModelCard model, Claim claim, Optional<Work> work, Optional<LogSeal> log, double seconds) {
    return result(model, claim, work, log, seconds, measurements.results(intervals));
  }

  /** The same without intervals. */
  TaskResult figures(
      ModelCard model, Claim claim, Optional<Work> work, Optional<LogSeal> log, double seconds) {
    return result(model, claim, work, log, seconds, measurements.figures());
  }

  private TaskResult result(
      ModelCard model,
      Claim claim,
      Optional<Work> work,
      Optional<LogSeal> log,
      double seconds,
      List<MetricResult> metrics) {
    return new TaskResult(
        model,
        claim.task(),
        claim.protocol(),
        claim.dataDigest(),
        metrics,
        measurements.chance(),
        scored,
        unscored,
        truncated,
        cutTokens,
        tokens,
        work,
        log,
        seconds,
        attention,
        attribution,
        elsewhere);
  }

  /** What a result says about its task. */
  record Claim(TaskId task, String protocol, String dataDigest) {}
}
