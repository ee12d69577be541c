package org.ssasuite.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.ssasuite.core.statistics.PairedDocuments.Bounds;
import org.ssasuite.core.statistics.PairedDocuments.Pair;
import org.ssasuite.core.testing.SlowTest;

/**
 * How often intervals hold the truth: the table of {@code docs/gate.md}. Documents of different
 * lengths, whose differences come from distributions with a known mean.
 */
class CoverageStudyTest {
  private static final int TRIALS = 2_000;
  private static final double LEVEL = 0.95;
  private static final double ALPHA = 0.01;

  /** Where a document's difference comes from; mean 0. */
  private record Population(String name, ToDoubleFunction<Random> difference) {}

  private static final List<Population> POPULATIONS =
      List.of(
          new Population("normal", Random::nextGaussian),
          new Population("heavy tails (Student, 4 d.f.)", CoverageStudyTest::student),
          new Population("skewed to the right (log-normal, 0.7)", random -> logNormal(random)),
          new Population("skewed to the left", random -> -logNormal(random)));

  private static double student(Random random) {
    double squares = 0;
    for (int i = 0; i < 4; i++) {
      double z = random.nextGaussian();
      squares += z * z;
    }
    return random.nextGaussian() / Math.sqrt(squares / 4);
  }

  private static double logNormal(Random random) {
    return Math.exp(0.7 * random.nextGaussian()) - Math.exp(0.7 * 0.7 / 2);
  }

  @SlowTest
  void intervalsHoldTheTruthAboutAsOftenAsTheySay() {
    for (Population population : POPULATIONS) {
      for (int documents : new int[] {5, 20, 60, 300}) {
        study(population, documents);
      }
    }
  }

  private static void study(Population population, int documents) {
    Random random = new Random(documents);
    int held = 0;
    int above = 0;
    int below = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      List<Pair> pairs = new ArrayList<>();
      for (int d = 0; d < documents; d++) {
        // Lengths that differ as texts' do; they say nothing of the difference.
        double words = 200 + 600 * random.nextDouble();
        double before = 3 + random.nextGaussian();
        double after = before + 0.02 * population.difference().applyAsDouble(random);
        pairs.add(new Pair("d" + d, before, words, after, words));
      }
      PairedDocuments paired = PairedDocuments.of(pairs);
      held += paired.interval(LEVEL, trial).contains(0) ? 1 : 0;
      Bounds bounds = paired.bounds(ALPHA, trial);
      above += bounds.lower() > 0 ? 1 : 0;
      below += bounds.upper() < 0 ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.1f %% | %.2f %% | %.2f %% |%n",
        population.name(),
        documents,
        percent(held),
        percent(above),
        percent(below));
    if (documents >= 60) {
      assertThat(percent(held)).isBetween(91.0, 98.0);
      assertThat(percent(above)).isLessThan(4);
      assertThat(percent(below)).isLessThan(4);
    }
  }

  private static double percent(int count) {
    return 100.0 * count / TRIALS;
  }
}
