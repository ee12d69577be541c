package org.ssasuite.leaderboards.compare;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.run.attention.AttentionDifference;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.statistics.PairedTests;
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
    Optional<Test> test,
    List<AttentionDifference> attention) {
  private static final double LEVEL = 0.95;

  /** One for all tasks, so that tasks of the same documents are resampled alike. */
  private static final long BOOTSTRAP_SEED = 20_251_120;

  /**
   * A two-sided test of no difference.
   *
   * @param name as in tables
   */
  record Test(String name, double probability) {}

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
        test(samples, transform, paired),
        a.watchesLike(b) ? AttentionDifference.of(a.watched(), b.watched()) : List.of());
  }

  private static Optional<Test> test(
      SamplePairs samples, Transform transform, PairedDocuments paired) {
    if (rightOrWrong(samples, transform, paired)) {
      return Optional.of(
          new Test("McNemar", PairedTests.mcNemar(alone(samples, true), alone(samples, false))));
    }
    return paired.documents() < 2
        ? Optional.empty()
        : Optional.of(new Test("paired t", PairedTests.studentT(paired)));
  }

  /** An accuracy of independent samples: McNemar's test knows no documents. */
  private static boolean rightOrWrong(
      SamplePairs samples, Transform transform, PairedDocuments paired) {
    return transform == Transform.PERCENT
        && paired.documents() == paired.samples()
        && samples.pairs().stream()
            .allMatch(
                pair ->
                    pair.weightA() == 1
                        && pair.weightB() == 1
                        && (pair.valueA() == 0 || pair.valueA() == 1)
                        && (pair.valueB() == 0 || pair.valueB() == 1));
  }

  /** Samples that one side alone has right. */
  private static int alone(SamplePairs samples, boolean ofA) {
    return (int)
        samples.pairs().stream()
            .filter(pair -> pair.valueA() != pair.valueB() && (pair.valueA() == 1) == ofA)
            .count();
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
    if (paired.documents() < 2) {
      return OptionalDouble.empty();
    }
    double smallest =
        Power.smallestDifference(
            paired.standardError().orElseThrow(), paired.documents(), alpha, power);
    if (test.isPresent() && test.get().name().equals("McNemar")) {
      // Were they all on one side, so many samples must differ for 2·2^−k to be at most alpha.
      double fewest = Math.ceil(1 + Math.log(1 / alpha) / Math.log(2));
      smallest = Math.max(smallest, fewest / paired.samples());
      return smallest > 1 ? OptionalDouble.empty() : OptionalDouble.of(smallest);
    }
    return OptionalDouble.of(smallest);
  }
}
