package org.ssasuite.leaderboards.compare;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.run.attention.AttentionDifference;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.statistics.Power;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Transform;

/**
 * Two rows of one task, on the samples that both have scored. Differences are of weighted means, B
 * − A, before the metric's transform.
 *
 * @param test the test that gave the probability; absent with a single document
 * @param attention differences of where attention goes; none where not both sides have watched it
 */
record TaskComparison(
    RunRow a,
    RunRow b,
    String metric,
    Transform transform,
    MetricRule.Better better,
    SamplePairs samples,
    PairedDocuments paired,
    Interval interval,
    Optional<PairedTest> test,
    List<AttentionDifference> attention) {
  private static final double LEVEL = 0.95;

  /** One for all tasks, so that tasks of the same documents are resampled alike. */
  private static final long BOOTSTRAP_SEED = 20_251_120;

  TaskComparison {
    Objects.requireNonNull(a);
    Objects.requireNonNull(b);
    Objects.requireNonNull(interval);
    Objects.requireNonNull(test);
    attention = List.copyOf(attention);
  }

  static TaskComparison of(
      RunRow a,
      RunRow b,
      String metric,
      Transform transform,
      MetricRule.Better better,
      SamplePairs samples) {
    PairedDocuments paired = PairedDocuments.of(samples.pairs());
    return new TaskComparison(
        a,
        b,
        metric,
        transform,
        better,
        samples,
        paired,
        transform.range().ofDifference(paired.interval(LEVEL, BOOTSTRAP_SEED), paired.difference()),
        PairedTest.of(samples, transform, paired),
        a.watchesLike(b) ? AttentionDifference.of(a.watched(), b.watched()) : List.of());
  }

  DifferenceScale scale() {
    return DifferenceScale.of(transform);
  }

  /** Whether every pair has the same value. */
  boolean identical() {
    return samples.pairs().stream()
        .allMatch(pair -> pair.valueA() == pair.valueB() && pair.weightA() == pair.weightB());
  }

  /**
   * The smallest true difference that this number of documents finds with this power.
   *
   * @return absent with a single document, and where no difference could be large enough
   */
  OptionalDouble smallestVisible(double alpha, double power) {
    return paired.documents() < 2
        ? OptionalDouble.empty()
        : PairedTest.smallestVisible(
            test, paired, alpha, Power.smallestInErrors(paired.documents(), alpha, power));
  }
}
