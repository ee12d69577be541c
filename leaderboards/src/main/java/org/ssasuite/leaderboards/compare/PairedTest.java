package org.ssasuite.leaderboards.compare;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.statistics.PairedTests;
import org.ssasuite.core.task.Transform;

/**
 * A two-sided test that two rows do not differ, on the samples that both have scored.
 *
 * @param name as in tables
 */
public record PairedTest(String name, double probability) {
  private static final String MC_NEMAR = "McNemar";

  public PairedTest {
    Objects.requireNonNull(name);
  }

  /**
   * The test that fits: McNemar's for right or wrong answers of independent samples, else Student's
   * t over documents.
   *
   * @return absent for answers of a single document that are not right or wrong
   */
  public static Optional<PairedTest> of(
      SamplePairs samples, Transform transform, PairedDocuments paired) {
    if (rightOrWrong(samples, transform, paired)) {
      return Optional.of(
          new PairedTest(
              MC_NEMAR, PairedTests.mcNemar(alone(samples, true), alone(samples, false))));
    }
    return paired.documents() < 2
        ? Optional.empty()
        : Optional.of(new PairedTest("paired t", PairedTests.studentT(paired)));
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

  /**
   * The smallest true difference of means that this number of documents finds at alpha.
   *
   * @param test what {@link #of} gave
   * @param errors how many standard errors that is ({@code Power.smallestInErrors})
   * @return absent with a single document, and where no difference could be large enough
   */
  public static OptionalDouble smallestVisible(
      Optional<PairedTest> test, PairedDocuments paired, double alpha, double errors) {
    if (paired.documents() < 2) {
      return OptionalDouble.empty();
    }
    double smallest = errors * paired.standardError().orElseThrow();
    if (test.isPresent() && test.get().name().equals(MC_NEMAR)) {
      // Were they all on one side, so many samples must differ for 2·2^−k to be at most alpha.
      double fewest = Math.ceil(1 + Math.log(1 / alpha) / Math.log(2));
      smallest = Math.max(smallest, fewest / paired.samples());
      return smallest > 1 ? OptionalDouble.empty() : OptionalDouble.of(smallest);
    }
    return OptionalDouble.of(smallest);
  }
}
